// Files of sequential sources: reading resumes with the state saved after the last complete line, which belongs to the
// bytes that were read and to no others.
import { appendFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Cursors, MAX_SAVED, decide } from '../../src/core/cursor.js'
import type { Batch } from '../../src/core/ledger/batch.js'
import type { Source } from '../../src/sources/source.js'
import { createReadBuffer, parseFiles } from '../../src/worker/parse-file.js'
import type { ParseResult } from '../../src/worker/protocol.js'
import { countedOf } from '../sources/reading.js'
import { LOG, content, model, thread, usage } from '../sources/relay/lines.js'
import { relay } from '../sources/relay/relay.js'
import { temporaryFolder } from '../support/tree.js'
import { fileTask, read } from './task.js'

const folder = temporaryFolder()
let files = 0
function written(text: string): string {
  const path = join(folder, `${files++}.relay`)
  writeFileSync(path, text)
  return path
}

/** Reads a file as a pass with these cursors does. */
function parse(path: string, cursors = new Cursors(), source: Source = relay): ParseResult {
  const { size, mtimeMs, ino } = statSync(path)
  const decision = decide(cursors.get(path), { size, mtimeMs, inode: ino }, source.sequential)
  const file = fileTask(path, { ...(decision.kind === 'resume' && decision) })
  return parseFiles({ agent: source.agent, backend: 'v8', files: [file] }, createReadBuffer(64 * 1024, [source]))
}

/** The batches of results, all valid because each result has a buffer of its own. */
function batches(...results: readonly ParseResult[]): Batch[] {
  return results.map(({ batch }) => batch)
}

const HEAD = content([thread('t1'), model('big-1'), usage('u1', 100, 10)])
const MORE = content([usage('u2', 150, 15), usage('u3', 190, 19)])

describe('a sequential file', () => {
  it('resumes with the saved state after any cut', () => {
    const text = content(LOG)
    const whole = countedOf(parse(written(text)).batch)
    for (let cut = 1; cut < text.length; cut += 7) {
      const path = written(text.slice(0, cut))
      const cursors = new Cursors()
      const first = parse(path)
      cursors.set(path, read(first).cursor)
      appendFileSync(path, text.slice(cut))
      const second = parse(path, cursors)
      expect(read(second)).toMatchObject({
        replaced: false,
        bytes: text.length - read(first).cursor.offset,
        cursor: { saved: read(parse(path)).cursor.saved },
      })
      expect(countedOf(...batches(first, second)), `cut at ${cut}`).toEqual(whole)
    }
  })

  it('saves the state before an unterminated last line', () => {
    for (const torn of [MORE.slice(0, -1), MORE.slice(0, -2)]) {
      const lineFeeds = torn.split('\n').length - 1
      const path = written(HEAD + torn)
      const lines = (HEAD + MORE).split('\n').slice(0, 3 + lineFeeds)
      expect(read(parse(path)).cursor.saved).toBe(read(parse(written(`${lines.join('\n')}\n`))).cursor.saved)
    }
  })

  it('restarts without saved state when the file was replaced', () => {
    const path = written(HEAD)
    const cursors = new Cursors()
    cursors.set(path, read(parse(path)).cursor)
    const other = content([usage('u9', 150, 70), usage('u9', 190, 90), usage('u9', 200, 91)])
    writeFileSync(path, other)
    const result = parse(path, cursors)
    expect(read(result)).toMatchObject({ replaced: true, bytes: other.length })
    expect(countedOf(result.batch)).toEqual(countedOf(parse(written(other)).batch).map(placed(result)))
  })

  it('restarts when its cursor has no saved state', () => {
    const path = written(HEAD)
    const cursors = new Cursors()
    const { saved, ...cursor } = read(parse(path)).cursor
    expect(saved).toBeDefined()
    cursors.set(path, cursor)
    appendFileSync(path, MORE)
    const result = parse(path, cursors)
    expect(read(result)).toMatchObject({ replaced: false, bytes: HEAD.length + MORE.length })
  })

  it('restarts when the state of its source was too large to save', () => {
    const forgetful: Source = {
      ...relay,
      open: (file, sink, saved) => {
        expect(saved).toBeUndefined()
        const reader = relay.open(file, sink)
        return { read: (line, offset) => reader.read(line, offset), save: () => undefined }
      },
    }
    const path = written(HEAD)
    const cursors = new Cursors()
    cursors.set(path, read(parse(path, cursors, forgetful)).cursor)
    appendFileSync(path, MORE)
    const result = parse(path, cursors, forgetful)
    expect(read(result)).toMatchObject({ replaced: false, bytes: HEAD.length + MORE.length })
    expect(countedOf(result.batch)).toEqual(countedOf(parse(path).batch))
  })

  it.each(['[]', 'x', '{"thread":7}'])('restarts when the saved state is invalid: %s', (saved) => {
    const path = written(HEAD)
    const cursors = new Cursors()
    cursors.set(path, { ...read(parse(path)).cursor, saved })
    appendFileSync(path, MORE)
    const result = parse(path, cursors)
    expect(read(result)).toMatchObject({ replaced: true, bytes: HEAD.length + MORE.length })
    expect(read(result).cursor.saved).toBe(read(parse(path)).cursor.saved)
    expect(countedOf(result.batch)).toEqual(countedOf(parse(path).batch))
  })

  it('fails alone when its source saves too much or an empty text', () => {
    for (const saved of ['x'.repeat(MAX_SAVED + 1), '']) {
      const greedy: Source = { ...relay, open: () => ({ read: () => undefined, save: () => saved }) }
      const task = { agent: 'relay', backend: 'v8' as const, files: [fileTask(written(HEAD)), fileTask(written(''))] }
      const { outcomes } = parseFiles(task, createReadBuffer(64 * 1024, [greedy]))
      expect(outcomes).toMatchObject([
        { kind: 'failed', message: `RangeError: its source saved ${saved.length} characters, not 1 to ${MAX_SAVED}` },
        { kind: 'read' },
      ])
    }
  })

  it('may be read twice at the same time: the state saved last belongs to its cursor', () => {
    const text = content(LOG)
    const whole = countedOf(parse(written(text)).batch)
    const cuts = [HEAD.length, Math.floor(text.length / 2), text.length - 3]
    for (const early of cuts) {
      for (const late of cuts.filter((cut) => cut > early)) {
        for (const lastIsEarly of [true, false]) {
          const path = written(text.slice(0, early))
          const cursors = new Cursors()
          const one = parse(path)
          appendFileSync(path, text.slice(early, late))
          const other = parse(path)
          const arriving = lastIsEarly ? [other, one] : [one, other]
          for (const result of arriving) cursors.set(path, read(result).cursor)
          appendFileSync(path, text.slice(late))
          const rest = parse(path, cursors)
          expect(read(rest).replaced).toBe(false)
          expect(countedOf(...batches(...arriving, rest))).toEqual(whole)
        }
      }
    }
  })
})

/** Replaces the session, which differs between files, by that of the result. */
function placed({ batch }: ParseResult): <T extends { readonly place: string }>(counted: T) => T {
  const [{ place } = { place: '' }] = countedOf(batch)
  return (counted) => ({ ...counted, place })
}
