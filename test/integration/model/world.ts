// A tree of transcripts on disk, and the actions of a model run: everything that agents, people and tools do to such a tree.
// Only the disk counts; what is kept here is what a later action needs. Each change gives a file a new modification time,
// since an edit that keeps size and time cannot be noticed.
//
// One change is not made between two passes: an edit in the middle of a file that also grows, outside its first 256 bytes
// and the last 1,024 before its old end. The fingerprint does not cover these bytes.
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { placeOf, transcripts } from '../../reference/transcripts.js'
import { assistantCopies, type Copy } from '../../support/hostile-copies.js'
import type { Random } from '../../support/random.js'
import { dirt, response, written, type Speaker, type Voice } from './speech.js'

export const CHANGES = [
  'append',
  'tear',
  'complete',
  'truncate',
  'replace in place',
  'replace by rename',
  'edit in place',
  'edit by rename',
  'fork',
  'copy ahead',
  'rename',
  'delete',
  'back up',
  'restore',
] as const
export type Change = (typeof CHANGES)[number]

export interface World {
  /** Applies a change to a random file; returns what was done to which file, or `nothing to …`. */
  change(change: Change, random: Random): string
}

interface Version {
  readonly bytes: Buffer
  readonly seconds: number
}

const NEWLINE = Buffer.from('\n')
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])
const SLUGS = ['-w-alpha', '-w-beta', 'moved', 'my_name']
const DIRECTORIES = ['/w/alpha', '/w/beta', '/w/gamma', '/w/delta/.claude/worktrees/x', 'C:\\w\\epsilon', undefined]
/** Copies that need no correction in whatever order they are read. */
const TAME_COPIES: readonly Copy[] = ['fork', 'fork', 'lost request ids', 'new request ids']
const COPIES: readonly Copy[] = [...TAME_COPIES, 'replayed aside', 'ids became uuids']
/** Copies that count as separate responses until their original is read. */
const COPIES_AHEAD: readonly Copy[] = ['replayed aside', 'new request ids', ...Array<Copy>(4).fill('ids became uuids')]

export function createWorld(configDir: string, voice: Voice, pad = 0): World {
  const projects = join(configDir, 'projects')
  mkdirSync(projects, { recursive: true })
  /** One directory, or none, for all files of a session: booked responses do not move when the directory becomes known. */
  const directoryOf = new Map<string, string | undefined>()
  const torn = new Map<string, Buffer>()
  const backups = new Map<string, Version>()
  /** Lines still to be written of unfinished responses, oldest first. */
  const unsaid: { readonly cwd: string | undefined; readonly lines: readonly Buffer[] }[] = []
  let seconds = Date.parse('2026-11-01T00:00:00Z') / 1000

  const files = () => transcripts([configDir]).map(({ path }) => path)
  const named = (path: string) => relative(projects, path)

  function touch(path: string): void {
    seconds += 1
    utimesSync(path, seconds, seconds)
  }

  function write(path: string, bytes: Buffer): void {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
    touch(path)
  }

  /** Appends bytes; after a last line without a line feed, usually on a new line. */
  function add(path: string, bytes: Buffer, ownLine: boolean): void {
    const before = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
    const ended = before.length === 0 || before.at(-1) === 0x0a
    mkdirSync(dirname(path), { recursive: true })
    appendFileSync(path, ended || !ownLine ? bytes : Buffer.concat([NEWLINE, bytes]))
    touch(path)
  }

  function speaker(path: string, random: Random): Speaker {
    const { session } = placeOf(named(path).split('/'))
    if (!directoryOf.has(session)) directoryOf.set(session, random.pick(DIRECTORIES))
    return { session, cwd: directoryOf.get(session) }
  }

  function newPath(random: Random): string {
    const slug = random.pick(SLUGS)
    const known = [...directoryOf.keys()]
    const session = known.length > 0 && random.chance(0.4) ? random.pick(known) : random.fresh('session-')
    const below = random.pick([
      `${session}.jsonl`,
      `${session}.jsonl`,
      `${session}.jsonl`,
      `${session}/subagents/${random.fresh('agent-')}.jsonl`,
      `${session}/subagents/workflows/wf_1/agent-w.jsonl`,
      `${random.fresh('agent-')}.jsonl`,
    ])
    return join(projects, slug, below)
  }

  function pathToWrite(random: Random): string {
    const there = files()
    return there.length === 0 || random.chance(0.25) ? newPath(random) : random.pick(there)
  }

  /** Complete lines: a new response or the rest of an unfinished one, sometimes with damaged lines before it. */
  function speech(random: Random, path: string): Buffer {
    const who = speaker(path, random)
    const begun = unsaid.findIndex(({ cwd }) => cwd === who.cwd)
    const goesOn = begun >= 0 && random.chance(0.4)
    const all = goesOn ? unsaid.splice(begun, 1)[0]!.lines : response(random, voice, who)
    const now = random.chance(0.6) ? all.length : random.int(all.length + 1)
    if (now < all.length) unsaid.push({ cwd: who.cwd, lines: all.slice(now) })
    const padding = pad === 0 ? [] : [written(random, { type: 'user', message: { content: 'x'.repeat(pad) } })]
    const before = random.chance(0.08) ? [dirt(random)] : []
    return Buffer.concat([...before, ...all.slice(0, now), ...padding])
  }

  function speeches(random: Random, path: string, count: number): Buffer {
    return Buffer.concat(Array.from({ length: count }, () => speech(random, path)))
  }

  /** New content for a file. It keeps none of the lines, the first ones or the last ones, and is smaller or larger. */
  function replacement(random: Random, path: string): Buffer {
    const old = readFileSync(path)
    const lines = linesOf(old)
    const at = random.int(lines.length + 1)
    let bytes = Buffer.concat(random.pick([[], lines.slice(0, at), lines.slice(at)]))
    const larger = random.chance(0.5)
    do bytes = Buffer.concat([bytes, speech(random, path)])
    while (larger && bytes.length <= old.length)
    return bytes
  }

  const actions: Record<Change, (random: Random, path: string) => string> = {
    append(random) {
      const path = pathToWrite(random)
      const bytes = speeches(random, path, 1 + random.int(4))
      const mark = !existsSync(path) && random.chance(0.05)
      add(path, mark ? Buffer.concat([BYTE_ORDER_MARK, bytes]) : bytes, random.chance(0.8))
      return `${bytes.length} bytes to ${named(path)}`
    },
    tear(random) {
      const path = pathToWrite(random)
      const [line = NEWLINE] = response(random, voice, speaker(path, random))
      const cut = 1 + random.int(line.length)
      add(path, line.subarray(0, cut), true)
      torn.set(path, line.subarray(cut))
      return `${cut} of ${line.length} bytes to ${named(path)}`
    },
    complete(random) {
      const open = [...torn].filter(([path]) => existsSync(path))
      if (open.length === 0) return 'nothing to complete'
      const [path, rest] = random.pick(open)
      torn.delete(path)
      add(path, random.chance(0.7) ? rest : withoutNewline(rest), false)
      return named(path)
    },
    truncate(random, path) {
      const lines = linesOf(readFileSync(path))
      const whole = lines.slice(0, random.int(lines.length + 1)).reduce((sum, line) => sum + line.length, 0)
      const length = random.chance(0.5) ? whole : random.int(statSync(path).size + 1)
      truncateSync(path, length)
      touch(path)
      return `${named(path)} to ${length}`
    },
    'replace in place'(random, path) {
      const bytes = replacement(random, path)
      const before = statSync(path).size
      write(path, bytes)
      return `${named(path)}, ${before} bytes, by ${bytes.length}`
    },
    'replace by rename'(random, path) {
      const temporary = `${path}.tmp`
      write(temporary, replacement(random, path))
      renameSync(temporary, path)
      return named(path)
    },
    'edit in place'(random, path) {
      write(path, edited(random, path))
      return named(path)
    },
    'edit by rename'(random, path) {
      // Only the inode shows the change.
      const { seconds: before } = versionOf(path)
      const temporary = `${path}.tmp`
      write(temporary, edited(random, path))
      utimesSync(temporary, before, before)
      renameSync(temporary, path)
      return named(path)
    },
    fork(random, source) {
      const values = parsed(readFileSync(source))
      if (values.length === 0) return 'nothing to fork'
      const how = random.pick(voice === 'tame' ? TAME_COPIES : COPIES)
      const ownFile = join(projects, random.pick(SLUGS), `${random.fresh('fork-')}.jsonl`)
      const target = random.chance(0.6) ? ownFile : pathToWrite(random)
      const { session } = placeOf(named(target).split('/'))
      if (voice === 'tame' && !directoryOf.has(session)) directoryOf.set(session, speaker(source, random).cwd)
      const { cwd } = speaker(target, random)
      const copies = assistantCopies(random, values, how).map((value) => written(random, movedTo(cwd, value)))
      add(target, Buffer.concat(copies), true)
      const story = `${how}: ${copies.length} lines of ${named(source)} to ${named(target)}`
      if (voice === 'tame' || source === target || random.chance(0.6)) return story
      // The copy is read before its original, which returns when the backup is restored.
      backups.set(source, versionOf(source))
      rmSync(source)
      return `${story}, and put it away`
    },
    'copy ahead'(random) {
      const path = pathToWrite(random)
      const who = speaker(path, random)
      const lines = response(random, voice, who)
      const values = parsed(Buffer.concat(lines))
      if (values.length === 0) return 'nothing to copy'
      const how = random.pick(voice === 'tame' ? TAME_COPIES : COPIES_AHEAD)
      const target = voice === 'tame' ? path : pathToWrite(random)
      const { cwd } = speaker(target, random)
      const copies = assistantCopies(random, values, how).map((value) => written(random, movedTo(cwd, value)))
      add(target, Buffer.concat(copies), true)
      // The original is written later, or never.
      unsaid.unshift({ cwd: who.cwd, lines })
      return `${how}: to ${named(target)} what ${named(path)} may yet say`
    },
    rename(random, path) {
      const stays = random.chance(0.7)
      const target = join(projects, random.pick(SLUGS), stays ? basename(path) : `${random.fresh('renamed-')}.jsonl`)
      const { cwd } = speaker(path, random)
      const { session } = placeOf(named(target).split('/'))
      if (!directoryOf.has(session)) directoryOf.set(session, cwd)
      mkdirSync(dirname(target), { recursive: true })
      renameSync(path, target)
      return `${named(path)} to ${named(target)}`
    },
    delete(_, path) {
      rmSync(path)
      return named(path)
    },
    'back up'(random) {
      const some = random.some(files(), 0.6)
      for (const path of some) backups.set(path, versionOf(path))
      return some.map(named).join(', ')
    },
    restore(random) {
      const some = random.some([...backups], 0.6)
      for (const [path, version] of some) {
        write(path, version.bytes)
        if (random.chance(0.5)) utimesSync(path, version.seconds, version.seconds)
      }
      return some.map(([path]) => named(path)).join(', ')
    },
  }

  return {
    change(change, random) {
      const there = files()
      const needsFile = !['append', 'tear', 'complete', 'copy ahead', 'back up', 'restore'].includes(change)
      if (needsFile && there.length === 0) return 'nothing to change'
      return actions[change](random, needsFile ? random.pick(there) : '')
    },
  }
}

/** Content of the same size with one id replaced, if there is one. */
function edited(random: Random, path: string): Buffer {
  const text = readFileSync(path, 'latin1')
  const ids = [...text.matchAll(/(?:msg|req)_[\w-]{4,}/g)]
  if (ids.length === 0) return Buffer.from(text, 'latin1')
  const { 0: id, index } = random.pick(ids)
  const other = `${id.slice(0, 4)}${random
    .fresh('')
    .padStart(id.length, 'z')
    .slice(4 - id.length)}`
  return Buffer.from(text.slice(0, index) + other + text.slice(index + id.length), 'latin1')
}

function versionOf(path: string): Version {
  return { bytes: readFileSync(path), seconds: statSync(path).mtimeMs / 1000 }
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let from = 0; from < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, from)
    const end = newline < 0 ? bytes.length : newline + 1
    lines.push(bytes.subarray(from, end))
    from = end
  }
  return lines
}

function withoutNewline(line: Buffer): Buffer {
  return line.at(-1) === 0x0a ? line.subarray(0, -1) : line
}

/** Values of the lines that can be parsed. */
function parsed(bytes: Buffer): unknown[] {
  return linesOf(bytes).flatMap((line): unknown[] => {
    try {
      return [JSON.parse(line.toString()) as unknown]
    } catch {
      return []
    }
  })
}

function movedTo(cwd: string | undefined, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, cwd } : value
}
