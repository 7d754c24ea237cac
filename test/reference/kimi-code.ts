// What the exporter must show for homes of Kimi Code and kimi-cli (other-agents 4).
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from './objects.js'
import type { Sums } from './sums.js'
import {
  count,
  logFiles,
  object,
  string,
  tally,
  type LogFile,
  type Prices,
  type Tokens,
  type UsageRecord,
} from './tally.js'

/** Cache writes cost the same as input. */
const PRICES: Prices = {
  'kimi-k2.5': [0.6, 3, 0.1, 0.6],
  'kimi-k2.6': [0.95, 4, 0.16, 0.95],
  'kimi-k2.7-code': [0.95, 4, 0.19, 0.95],
  'kimi-k3': [3, 15, 0.3, 3],
}

export function kimiCodeReference(homes: readonly string[]): Sums {
  return tally(homes.flatMap(recordsBelow), PRICES)
}

function recordsBelow(home: string): UsageRecord[] {
  const files = logFiles(join(home, 'sessions'), (parts) => parts.length > 1 && parts.at(-1) === 'wire.jsonl')
  const projects = new Map<string, string>()
  // The project of a session comes from the main agent's file, else from a sub-agent's.
  for (const file of [...files].sort((a, b) => Number(isSubagent(a)) - Number(isSubagent(b)))) {
    const cwd = cwdOf(file, home)
    if (cwd !== undefined && !projects.has(sessionOf(file).id)) projects.set(sessionOf(file).id, cwd)
  }
  return files.flatMap((file) => {
    const { id, project } = sessionOf(file)
    return recordsOf(file, projects.get(id) ?? project)
  })
}

function sessionOf({ parts }: LogFile): { readonly id: string; readonly project: string; readonly folder: string } {
  const folders = parts.slice(0, -1)
  const cut = folders.findIndex((name, at) => at > 0 && ['agents', 'subagents'].includes(name))
  const session = cut < 0 ? folders : folders.slice(0, cut)
  return { id: session.join('/'), folder: session.at(-1)!, project: session.at(-2) ?? 'unknown' }
}

function isSubagent({ parts }: LogFile): boolean {
  return sessionOf({ path: '', parts, objects: [] }).id !== parts.slice(0, -1).join('/') && parts.at(-2) !== 'main'
}

function cwdOf(file: LogFile, home: string): string | undefined {
  const told = file.objects
    .filter((line) => line.type === 'config.update')
    .map((line) => string(line.cwd))
    .find((cwd) => cwd !== '')
  if (told !== undefined) return told
  const { folder, project } = sessionOf(file)
  const index = read(join(home, 'session_index.jsonl'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => object(JSON.parse(line)))
  const indexed = index.find(({ sessionId }) => sessionId === folder || `session_${string(sessionId)}` === folder)
  if (indexed !== undefined) return string(indexed.workDir)
  const list = read(join(home, 'kimi.json'))
  const directories = list === '' ? [] : (object(JSON.parse(list)).work_dirs as readonly JsonObject[])
  const paths = directories.map(({ path }) => string(path))
  return paths.find((path) => project.endsWith(createHash('md5').update(path).digest('hex')))
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

function recordsOf({ path, objects }: LogFile, project: string): UsageRecord[] {
  return objects.flatMap((line, index): UsageRecord[] => {
    const common = { requests: 1, loggedNanos: 0, project, path }
    if (line.type === 'usage.record') {
      const usage = object(line.usage)
      const tokens = tokensOf([usage.inputOther, usage.output, usage.inputCacheRead, usage.inputCacheCreation])
      const model = modelOf(string(line.model), objects.slice(0, index))
      const timeMs = typeof line.time === 'number' ? line.time : Infinity
      return [{ ...common, key: JSON.stringify(['record', line.time, tokens]), model, tokens, timeMs }]
    }
    let event = object(line.message)
    while (event.type === 'SubagentEvent') event = object(object(event.payload).event)
    if (event.type !== 'StatusUpdate') return []
    const status = object(event.payload)
    const usage = object(status.token_usage)
    const tokens = tokensOf([usage.input_other, usage.output, usage.input_cache_read, usage.input_cache_creation])
    const key = JSON.stringify(['status', status.message_id ?? line.timestamp, tokens])
    const timeMs = typeof line.timestamp === 'number' ? line.timestamp * 1000 : Infinity
    return [{ ...common, key, model: 'kimi-for-coding', tokens, timeMs }]
  })
}

/** The model of the last earlier request with this alias, else of the last earlier request. */
function modelOf(alias: string, before: readonly JsonObject[]): string {
  const requests = before.filter((line) => line.type === 'llm.request' && string(line.model) !== '')
  const request = requests.findLast(({ modelAlias }) => alias !== '' && modelAlias === alias) ?? requests.at(-1)
  return request === undefined ? alias.replace(/^kimi-code\//, '') : string(request.model)
}

function tokensOf(told: readonly unknown[]): Tokens {
  const [input = 0, output = 0, cacheRead = 0, cacheWrite = 0] = told.map(count)
  return { input, output, cacheRead, cacheWrite }
}
