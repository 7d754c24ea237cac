// Long files are read in parts: nothing is lost or duplicated between them, and the cursor moves after the last one.
import { execFileSync } from 'node:child_process'
import { appendFileSync, closeSync, openSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MEASURE } from '../../src/core/schema.js'
import { Cursors } from '../../src/core/cursor.js'
import { Sessions } from '../../src/core/sessions.js'
import { StringTable } from '../../src/core/tables/strings.js'
import { PART_BYTES, Parts, partsOf } from '../../src/ingest/parts.js'
import { createPlanner } from '../../src/ingest/plan.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import type { FileForm, Source } from '../../src/sources/source.js'
import type { FileOutcome, FilePart } from '../../src/worker/protocol.js'
import { line, lines } from '../support/line.js'
import { plant, temporaryFolder } from '../support/tree.js'
import { passing } from './passing.js'

const folder = temporaryFolder()
const configDir = plant(join(folder, 'config'), { '-a/S.jsonl': '' })
const path = join(configDir, 'projects/-a/S.jsonl')
/** Responses, each followed by kilobytes of other text; one such line is longer than the search for a line's end. */
const RESPONSES = 20_000
const file = openSync(path, 'w')
for (let number = 0; number < RESPONSES; number += 1) {
  const padding = JSON.stringify({
    type: 'user',
    text: 'x'.repeat(number === 6_000 ? 4_000_000 : 4_000 + ((number * 7919) % 1_000)),
  })
  writeSync(file, lines(line(`msg_${number}/r${number} o48 1/2`), padding))
}
closeSync(file)
const { size, mtimeMs, ino: inode } = statSync(path)

describe('a long file', () => {
  it('is divided at starts of lines, from its first byte to its end', () => {
    const parts = partsOf(path, size)
    expect(parts.length).toBeGreaterThanOrEqual(2)
    expect(parts[0]).toEqual({ from: 0, to: parts[1]!.from, of: parts.length })
    expect(parts.at(-1)!.to).toBe(Infinity)
    for (const [index, part] of parts.entries()) if (index > 0) expect(part!.from).toBe(parts[index - 1]!.to)
  })

  it.skipIf(process.platform === 'win32')('that became a pipe is not divided and does not block', () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    expect(partsOf(pipe, size)).toEqual([undefined])
  })

  it('counts once, is unchanged in the next pass, and resumes when it grows', async () => {
    const { pass, total, takeEvents } = passing([configDir])
    expect(await pass('everything')).toMatchObject({ files: 1, unchanged: 0, bytes: size })
    expect(takeEvents().filter((event) => event.startsWith('read ')).length).toBe(partsOf(path, size).length)
    expect([total(MEASURE.requests), total(MEASURE.input)]).toEqual([RESPONSES, RESPONSES])
    expect(await pass('everything')).toMatchObject({ unchanged: 1, bytes: 0 })
    const more = lines(line('msg_more/more o48 1/2'))
    appendFileSync(path, more)
    expect(await pass('everything')).toMatchObject({ unchanged: 0, bytes: more.length })
    expect(total(MEASURE.requests)).toBe(RESPONSES + 1)
  })

  it('is not divided for a sequential source, nor if it is compressed or a document', () => {
    const jobs = (source: Source, form?: FileForm): number => {
      const planner = createPlanner({
        cursors: new Cursors(),
        sessions: new Sessions(new StringTable()),
        cache: true,
        backend: 'v8',
      })
      const logFile = { project: '-a', session: 'S', subagent: false, ...(form && { form }) }
      planner.add({ source, path, logFile, stat: { size, mtimeMs, inode } })
      return planner.finish().tasks.reduce((sum, { files }) => sum + files.length, 0)
    }
    expect(jobs(claudeCode)).toBe(partsOf(path, size).length)
    expect(jobs({ ...claudeCode, sequential: true })).toBe(1)
    expect([jobs(claudeCode, 'zstd-lines'), jobs(claudeCode, 'document')]).toEqual([1, 1])
  })

  it('is not divided when it is short, missing or a single line', () => {
    expect(partsOf(path, 2 * PART_BYTES - 1)).toEqual([undefined])
    expect(partsOf(join(folder, 'none'), size)).toEqual([undefined])
    const dense = join(folder, 'dense')
    writeSync(openSync(dense, 'w'), Buffer.alloc(2 * PART_BYTES + 1, 'x'))
    expect(partsOf(dense, 2 * PART_BYTES + 1)).toEqual([{ from: 0, to: Infinity, of: 1 }])
  })
})

describe('parts', () => {
  const part = (from: number, to: number): FilePart => ({ from, to, of: 3, stat: { size, mtimeMs, inode } })
  const read = (offset: number, cwd?: string): Extract<FileOutcome, { kind: 'read' }> => ({
    kind: 'read',
    cursor: { size: 1, mtimeMs: 2, inode: 3, offset, fingerprint: { low: offset, high: 0 } },
    replaced: false,
    bytes: 0,
    lines: 0,
    skipped: {},
    fallbacks: {},
    seconds: 0,
    ...(cwd === undefined ? {} : { cwd }),
  })

  it.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 2, 0]]])('give the same outcome in the order %j', (order) => {
    const told = [read(10), read(20, '/w/first'), read(30, '/w/second')]
    const parts = new Parts()
    const answers = order.map((index) => parts.add('/p', part(index * 10, index * 10 + 10), told[index]!))
    expect(answers.slice(0, 2)).toEqual([undefined, undefined])
    expect(answers[2]).toEqual({
      cursor: { size, mtimeMs, inode, offset: 30, fingerprint: { low: 30, high: 0 } },
      cwd: '/w/first',
    })
  })
})
