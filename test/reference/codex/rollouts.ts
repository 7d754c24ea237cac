// Which files are rollouts, and the sessions in them (codex-logs 1, 2.1, 4.4). Reads whole files, keeps every line.
import { existsSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { isObject, objectsOf, type JsonObject } from '../objects.js'
import { linesOf } from '../transcripts.js'

export interface RolloutFile {
  readonly path: string
  readonly thread: string
}

/** Lines of one session: those of a rollout, unless a tool has joined several sessions into one file. */
export interface Session {
  readonly file: RolloutFile
  readonly header: JsonObject
  readonly id: string
  readonly lines: readonly JsonObject[]
}

const { zstdDecompressSync: unpack } = zlib as { readonly zstdDecompressSync?: (bytes: Buffer) => Buffer }

/** Each real file of all homes once, sorted by path. Files that Node.js cannot decompress are omitted. */
export function rollouts(homes: readonly string[]): RolloutFile[] {
  const paths = homes
    .flatMap((home) => [join(home, 'sessions'), join(home, 'archived_sessions')])
    .filter((dir) => existsSync(dir))
    .flatMap(walk)
    .map((path) => realpathSync(path))
  return [...new Set(paths)].sort().flatMap((path) => {
    const name = path.split('/').at(-1)!
    if (!name.startsWith('rollout-') || !/\.jsonl(\.zst)?$/.test(name)) return []
    if (name.endsWith('.zst') && unpack === undefined) return []
    const stem = name.replace(/\.jsonl(\.zst)?$/, '').replace(/^rollout-/, '')
    const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/.exec(stem)?.[0]
    return [{ path, thread: uuid ?? stem }]
  })
}

export function contentOf({ path }: RolloutFile): Buffer {
  const bytes = readFileSync(path)
  return path.endsWith('.zst') ? unpack!(bytes) : bytes
}

export interface Read {
  readonly sessions: readonly Session[]
  readonly malformed: number
}

export function read(file: RolloutFile, bytes: Buffer): Read {
  const place = { path: file.path, slug: '', session: '', main: true }
  let malformed = 0
  const objects = linesOf(place, bytes).flatMap((line) => {
    const found = objectsOf(line.bytes)
    if (found.malformed && !line.ended) return []
    if (found.malformed) malformed += 1
    return found.objects
  })
  const sessions: { file: RolloutFile; header: JsonObject; id: string; lines: JsonObject[] }[] = []
  for (const object of objects) {
    const current = sessions.at(-1)
    const { payload } = object
    const opens = object.type === 'session_meta' && isObject(payload)
    if (opens && (current === undefined || isHeadless(current) || startsAnother(current, payload)))
      sessions.push({ file, header: payload, id: idOf(payload) || file.thread, lines: [object] })
    else if (current === undefined) sessions.push({ file, header: {}, id: file.thread, lines: [object] })
    else current.lines.push(object)
  }
  return { sessions, malformed }
}

const isHeadless = ({ header }: Session): boolean => Object.keys(header).length === 0

function startsAnother(current: Session, header: JsonObject): boolean {
  return !isDerived(current.header) && (idOf(header) || current.file.thread) !== current.id
}

export function idOf(payload: JsonObject): string {
  return typeof payload.id === 'string' ? payload.id : ''
}

/** codex-logs 3.1. */
export function isDerived(header: JsonObject): boolean {
  const { source } = header
  const signs = [
    header.forked_from_id,
    header.parent_thread_id,
    header.history_base,
    header.subagent_history_start_ordinal,
    isObject(source) ? source.subagent : undefined,
  ]
  return signs.some((sign) => sign !== undefined && sign !== null)
}

/** codex-logs 4.4: 0.153.0 or later, without its own pre-releases. */
export function logsRecords(header: JsonObject): boolean {
  const version = typeof header.cli_version === 'string' ? header.cli_version : ''
  const numbers = /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number)
  if (numbers === undefined || version.startsWith('0.153.0-')) return false
  const [major = 0, minor = 0] = numbers
  return major * 1000 + minor >= 153
}

function walk(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name)
    return statSync(path).isDirectory() ? walk(path) : [path]
  })
}
