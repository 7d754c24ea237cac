// A second agent, defined in test/ alone, runs next to Claude Code through everything: files, threads, ledger, /metrics, and a
// restart between lines that depend on each other.
import { appendFileSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as zlib from 'node:zlib'
import { build } from 'rolldown'
import { beforeAll, expect, it } from 'vitest'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import { FORK, LOG, content, model, thread, usage } from '../sources/relay/lines.js'
import { relay } from '../sources/relay/relay.js'
import { sumOf, type Sample } from '../support/exposition.js'
import { temporaryFolder } from '../support/tree.js'
import { homes, requests, running, transcript, usageCounters, type Home } from './running.js'

const home = homes()
const folder = temporaryFolder()
const workerFile = join(folder, 'worker.cjs')
const repository = new URL('../../', import.meta.url)
const { zstdCompressSync: pack } = zlib as { readonly zstdCompressSync?: (bytes: string) => Buffer }

/** Builds a worker like the program's own, with the WebAssembly module that it imports by its package. */
beforeAll(async () => {
  writeFileSync(join(folder, 'package.json'), '{"imports":{"#walker.wasm":"./walker.wasm"}}')
  copyFileSync(new URL('dist/walker.wasm', repository), join(folder, 'walker.wasm'))
  await build({
    input: fileURLToPath(new URL('test/sources/relay/worker.ts', repository)),
    platform: 'node',
    logLevel: 'warn',
    output: { file: workerFile, format: 'cjs', exports: 'named', codeSplitting: false },
  })
})

/** Lines that count nothing, long enough that threads are used. */
const NOISE = `${JSON.stringify({ relay: 'noise', text: 'x'.repeat(1_000) })}\n`.repeat(400)
/** After this line, the log has named the model of the next lines, and the fork has copied everything before. */
const HALF = 7

function planted(made: Home, files: Readonly<Record<string, string | Buffer>>): string {
  const directory = join(made.dir, 'relay')
  for (const [path, bytes] of Object.entries(files)) {
    const target = join(directory, 'threads', path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, bytes)
  }
  return directory
}

function start(made: Home, directory: string, workers: number) {
  const named = (paths: readonly string[]) => ({ paths, named: true })
  return running(made, [`--parser.workers=${workers}`], {
    workerFile,
    sources: [
      { source: claudeCode, ...named([made.configDir]) },
      { source: relay, ...named([directory]) },
    ],
  })
}

const tokensOf = (all: readonly Sample[], agent: string): number => sumOf(all, 'agent_usage_tokens_total', { agent })

it.each([0, 2])('a second agent is counted and resumes after a restart, with %d threads', async (workers) => {
  const made = home({ '-a/S.jsonl': transcript('/w/app', 'one', 'two') })
  const directory = planted(made, {
    'one.relay': NOISE + content(LOG.slice(0, HALF)),
    '2026/fork.relay': content(FORK),
    'old.json': JSON.stringify({ relay: 'log', lines: [thread('t8'), model('big-1'), usage('u8', 8, 8)] }, null, 2),
    ...(pack && { 'packed.relay.zst': pack(content([thread('t9'), model('big-1'), usage('u9', 9, 9)])) }),
  })
  const packed = pack === undefined ? 0 : 1

  const first = await start(made, directory, workers)
  const before = await first.scrape()
  expect(sumOf(before, 'agent_usage_exporter_pool_run_seconds_count') > 0).toBe(workers > 0)
  expect(first.complaints.filter(({ level }) => level === 'error')).toEqual([])
  await first.app.stop()
  appendFileSync(join(directory, 'threads/one.relay'), content(LOG.slice(HALF)))
  const second = await start(made, directory, workers)
  // New series are 0 in their first scrape.
  await second.scrape()
  const after = await second.scrape()

  // Eight responses in the log, one of them for three requests; one in its fork; a document; a compressed file.
  expect(requests(after, { agent: 'relay' })).toBe(10 + 1 + 1 + packed)
  expect(tokensOf(after, 'relay')).toBe(873 + 110 + 16 + 18 * packed)
  expect(requests(after, { agent: 'claude-code' })).toBe(2)
  expect(tokensOf(after, 'claude-code')).toBe(2 * 1_170)
  // The log states the cost of the snapshot, whose model has no known price.
  expect(sumOf(after, 'agent_usage_cost_usd_total', { agent: 'relay' })).toBeCloseTo(3e-6, 12)
  expect(requests(after, { agent: 'relay', project: 'fork' })).toBe(1)
  expect(requests(after, { agent: 'relay', model: 'small-1' })).toBe(5)
  expect(sumOf(after, 'agent_usage_exporter_bytes_read_total', { agent: 'relay' })).toBeLessThan(NOISE.length)

  // A run over everything, without a restart, gives the same counts.
  const afresh = await start({ ...made, stateDir: join(made.dir, 'afresh') }, directory, workers)
  expect(usageCounters(await afresh.scrape())).toEqual(usageCounters(after))
})
