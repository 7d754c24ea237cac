// Hostile logs of these agents: names of megabytes that later lines refer to, very many names, compressed text that expands to
// fill the memory, pipes. The program reads 64 MB of them with less than 300 MB of memory, and in time. AUE_HOSTILE_MB=64 as
// in hostile-lines.test.ts.
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as zlib from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { samples, sumOf } from '../support/exposition.js'
import { SLOW_BYTES } from '../support/hostile-size.js'
import { TELLS_PEAK, peakMemory } from '../support/peak-memory.js'
import { serve, type Served } from '../support/program.js'
import { temporaryFolder } from '../support/tree.js'

const MB = 1_000_000
const MOST_MB = 300
const LONG = 7 * MB

const LOGS = {
  codex: ['codex.home', 'sessions/rollout-s.jsonl'],
  kimi: ['kimi.home', 'sessions/p/s/wire.jsonl'],
  copilot: ['copilot.home', 'session-state/s/events.jsonl'],
  pi: ['pi.agent-dir', 'sessions/--p--/s.jsonl'],
  gemini: ['gemini.home', '.gemini/tmp/p/chats/session-s.jsonl'],
  qwen: ['qwen.runtime-dir', 'projects/p/chats/s.jsonl'],
} as const

const AT = '"timestamp":"2026-11-01T10:00:00.000Z"'
const codex = (type: string, payload: object): string => `{${AT},"type":"${type}","payload":${JSON.stringify(payload)}}`
const count = (total: number): string => {
  const usage = { input_tokens: 1, output_tokens: 1 }
  const info = { total_token_usage: { input_tokens: total + 1, output_tokens: total + 1 }, last_token_usage: usage }
  return codex('event_msg', { type: 'token_count', info })
}
const record = (time: number): string => `{"type":"usage.record","model":"a","time":${time},"usage":{"output":1}}`
const exit = (id: number, models: object): string =>
  `{"type":"session.shutdown","id":"${id}",${AT},"data":{"modelMetrics":${JSON.stringify(models)}}}`

interface Hostile {
  readonly name: string
  readonly log: keyof typeof LOGS
  readonly first?: string
  readonly line: (number: number) => string
  readonly requests: (lines: number) => number
}

const HOSTILE: readonly Hostile[] = [
  {
    name: 'a thread with a long name, and its counts',
    log: 'codex',
    first: codex('session_meta', { id: 'i'.repeat(LONG) }),
    line: count,
    requests: (lines) => lines,
  },
  {
    name: 'a turn with a long name and a long model, and its counts',
    log: 'codex',
    first: codex('turn_context', { turn_id: 't'.repeat(LONG / 2), model: 'm'.repeat(LONG / 2) }),
    line: count,
    requests: (lines) => lines,
  },
  {
    name: 'a long model, and records of its alias',
    log: 'kimi',
    first: `{"type":"llm.request","modelAlias":"a","model":"${'m'.repeat(LONG)}"}`,
    line: record,
    requests: (lines) => lines,
  },
  {
    name: 'very many aliases',
    log: 'kimi',
    first: record(1),
    line: (number) => `{"type":"llm.request","modelAlias":"${number}","model":"m${number}"}`,
    requests: () => 1,
  },
  {
    name: 'very many long aliases',
    log: 'kimi',
    first: record(1),
    line: (number) => `{"type":"llm.request","modelAlias":"${number}${'€'.repeat(1_000)}","model":"m${number}"}`,
    requests: () => 1,
  },
  {
    name: 'a session with a long name, and its exits',
    log: 'copilot',
    first: `{"type":"session.start","data":{"sessionId":"${'s'.repeat(LONG)}"}}`,
    line: (number) => exit(number, { m: { usage: { outputTokens: number + 1 } } }),
    requests: () => 1,
  },
  {
    name: 'very many exits',
    log: 'copilot',
    line: (number) => exit(number, { m: { usage: { outputTokens: number + 1 } } }),
    requests: () => 1,
  },
  {
    name: 'very many models',
    log: 'copilot',
    line: (number) =>
      exit(
        number,
        Object.fromEntries(
          Array.from({ length: 1_000 }, (_, at) => [`${number}-${at}`, { usage: { outputTokens: 1 } }]),
        ),
      ),
    requests: (lines) => 1_000 * lines,
  },
  {
    name: 'model names of megabytes, and summaries by them',
    log: 'pi',
    line: (number) =>
      `{"type":"model_change","modelId":"${number}${'m'.repeat(LONG)}"}\n{"type":"compaction",${AT},"usage":{"output":${number + 1}}}`,
    requests: (lines) => lines,
  },
  {
    name: 'short responses',
    log: 'gemini',
    line: (number) => `{"type":"gemini","id":"${number}","tokens":{"output":1}}`,
    requests: (lines) => lines,
  },
  {
    name: 'lines that are not JSON',
    log: 'qwen',
    line: () => '{"usageMetadata",}',
    requests: () => 0,
  },
]

const folder = temporaryFolder()
let homes = 0
let served: Served | undefined
afterEach(() => served?.stop())

/** Path for a log in a home of its own, and the flag for that home. */
function begun(log: keyof typeof LOGS): { readonly path: string; readonly flags: readonly string[] } {
  const [flag, below] = LOGS[log]
  const home = join(folder, `h${homes++}`)
  const path = join(home, below)
  mkdirSync(dirname(path), { recursive: true })
  return { path, flags: [`--${flag}=${home}`] }
}

async function ready(flags: readonly string[]): Promise<Served> {
  served = await serve([join(folder, 'none')], { flags })
  await served.ready()
  return served
}

describe.runIf(TELLS_PEAK)('peak memory stays below the limit for hostile lines', () => {
  it.each(HOSTILE)('of $log: $name', async ({ log, first, line, requests }) => {
    const { path, flags } = begun(log)
    const file = openSync(path, 'w')
    if (first !== undefined) writeSync(file, `${first}\n`)
    let lines = 0
    for (let left = SLOW_BYTES; left > 0; lines += 1) left -= writeSync(file, `${line(lines)}\n`)
    closeSync(file)
    const program = await ready(flags)
    const peak = peakMemory(program.child.pid!)
    expect(sumOf(samples(await program.scrape()), 'agent_usage_requests_total')).toBe(requests(lines))
    expect(peak).toBeLessThan(MOST_MB)
  })
})

const { zstdCompressSync: pack } = zlib as { readonly zstdCompressSync?: (bytes: Buffer) => Buffer }

const describePacked = TELLS_PEAK && pack !== undefined ? describe : () => undefined
describePacked('peak memory stays below the limit for compressed logs that expand to 120 MB', () => {
  it.each([
    ['of one line', 'x'],
    ['of short lines', `${codex('x', {})}\n`],
  ])('%s', async (_, text) => {
    const { path, flags } = begun('codex')
    const bytes = pack!(Buffer.alloc(120 * MB, text))
    for (const file of [1, 2, 3, 4]) writeFileSync(path.replace('-s', `-${file}`) + '.zst', bytes)
    writeFileSync(path, `${count(0)}\n`)
    const program = await ready(flags)
    const peak = peakMemory(program.child.pid!)
    const all = samples(await program.scrape())
    expect(sumOf(all, 'agent_usage_requests_total')).toBe(1)
    expect(sumOf(all, 'agent_usage_exporter_files_unreadable')).toBe(0)
    expect(peak).toBeLessThan(MOST_MB)
  })
})

describe.runIf(process.platform === 'linux')('pipes in place of an agent’s files', () => {
  it('do not block the program', async () => {
    const begunLogs = Object.keys(LOGS).map((log) => begun(log as keyof typeof LOGS))
    for (const { path } of begunLogs) execFileSync('mkfifo', [path])
    // The files that name the directories of chats and sessions.
    const gemini = begun('gemini')
    writeFileSync(gemini.path, '{"type":"gemini","id":"1","tokens":{"output":1}}\n')
    const kimi = begun('kimi')
    writeFileSync(kimi.path, `${record(1)}\n`)
    execFileSync('mkfifo', [
      join(gemini.path, '../../.project_root'),
      join(gemini.path, '../../../../projects.json'),
      join(kimi.path, '../../../../session_index.jsonl'),
      join(kimi.path, '../../../../kimi.json'),
    ])
    const program = await ready([...begunLogs, gemini, kimi].flatMap(({ flags }) => flags))
    expect(sumOf(samples(await program.scrape()), 'agent_usage_requests_total')).toBe(2)
    expect(await program.stop()).toBe(0)
  })
})
