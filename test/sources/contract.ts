// The exam that every source sits: what the rest of the program takes for granted of it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BatchBuilder } from '../../src/core/ledger/batch.js'
import { Sessions, sessionKey } from '../../src/core/sessions.js'
import { StringTable } from '../../src/core/tables/strings.js'
import { TOKENS } from '../../src/core/schema.js'
import type { Source, Transcript, TranscriptPlace } from '../../src/sources/source.js'
import { countedOf, readTranscript, type Counted } from './reading.js'

export interface Examples {
  /** Paths below a root, with what they tell. */
  readonly transcripts: readonly (readonly [path: string, place: TranscriptPlace])[]
  readonly notTranscripts: readonly string[]
  /** One transcript that shows everything that counts, as objects; some of them must count. */
  readonly lines: readonly object[]
  /** A line of a type that no version writes. */
  readonly unknownLine: object
}

const RUNS = { numRuns: 1_000 }
const part = fc.oneof(
  fc.string().filter((text) => !text.includes('/')),
  fc.constantFrom('.jsonl', 'a.jsonl', '', '__proto__'),
)

export function sourceExam(source: Source, { transcripts, notTranscripts, lines, unknownLine }: Examples): void {
  const [path, place] = transcripts[0]!
  const transcript: Transcript = { ...place, path: `/root/${path}`, wantsCwd: true }
  const read = (content: string, offset = 0) => readTranscript(source, transcript, content, offset)
  const texts = lines.map((line) => `${JSON.stringify(line)}\n`)
  const whole = countedOf(read(texts.join('')).batch)

  describe(`${source.agent}: where transcripts lie`, () => {
    it('the agent is a label and a part of a place', () => {
      expect(source.agent).toMatch(/^[a-z0-9-]+$/)
    })

    it.each(transcripts.map(([at, expected]) => [at, expected] as const))('%s is one', (at, expected) => {
      expect(source.locate(at.split('/'))).toEqual(expected)
      for (const [depth, directory] of at.split('/').slice(0, -1).entries())
        expect(source.entersDirectory(directory, depth)).toBe(true)
    })

    it.each(notTranscripts)('%s is none', (at) => {
      const parts = at.split('/')
      const entered = parts.slice(0, -1).every((directory, depth) => source.entersDirectory(directory, depth))
      expect(entered ? source.locate(parts) : undefined).toBeUndefined()
    })

    it('any path is one or none, and its place can be read back', () => {
      const places = new Sessions(new StringTable())
      fc.assert(
        fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
          const found = source.locate(parts)
          if (found === undefined) return
          const name = sessionKey(source.agent, found.slug, found.session)
          expect([places.agent(name), places.project(name)]).toEqual([source.agent, found.slug])
        }),
        RUNS,
      )
    })

    it('any directory has a root, any working directory a project', () => {
      fc.assert(
        fc.property(part, (text) => {
          expect(source.roots(`/config/${text}`).length).toBeGreaterThan(0)
          expect(typeof source.entersDirectory(text, 0)).toBe('boolean')
          expect(typeof source.projectOf(text)).toBe('string')
          expect(typeof source.projectOf(`/${text}`)).toBe('string')
        }),
        { numRuns: 200 },
      )
    })
  })

  describe(`${source.agent}: what lines mean`, () => {
    it('the examples count', () => {
      expect(whole.length).toBeGreaterThan(0)
      expect(tokens(whole)).toBeGreaterThan(0)
      for (const { place: name } of whole) expect(name).toBe(sessionKey(source.agent, place.slug, place.session))
    })

    it('in pieces, cut between any two lines, they come to the same', () => {
      for (let cut = 0; cut <= texts.length; cut += 1) {
        const [head, tail] = [texts.slice(0, cut).join(''), texts.slice(cut).join('')]
        const pieces = [read(head).batch, read(tail, Buffer.byteLength(head)).batch]
        expect(countedOf(...pieces)).toEqual(whole)
        expect(countedOf(...pieces.reverse())).toEqual(whole)
      }
    })

    it('read twice, they come to the same', () => {
      const { batch } = read(texts.join(''))
      expect(countedOf(batch, batch)).toEqual(whole)
    })

    it('told twice in one file, they come to the same but for lines that nothing names', () => {
      const twice = countedOf(read([...texts, ...texts].join('')).batch)
      expect(twice).toEqual(expect.arrayContaining(whole))
    })

    it('fields and lines that no version writes change nothing', () => {
      const more = lines.map((line) => JSON.stringify({ ...line, unknown_field: { deep: [null, { usage: 1 }] } }))
      const same = countedOf(read(`${more.join('\n')}\n`).batch)
      expect(same.map(withoutKey)).toEqual(expect.arrayContaining(whole.map(withoutKey)))
      expect(same).toHaveLength(whole.length)
      expect(countedOf(read([...texts, `${JSON.stringify(unknownLine)}\n`].join('')).batch)).toEqual(whole)
    })

    it('numbers below 0 count for nothing, and parts of one are cut off', () => {
      expect(countedOf(read(withNumbers(lines, (number) => -number - 1)).batch)).toEqual([])
      expect(tokens(countedOf(read(withNumbers(lines, (number) => number + 0.5)).batch))).toBe(tokens(whole))
    })

    it('nothing fails, whatever a line holds', () => {
      fc.assert(
        fc.property(fc.oneof(fc.jsonValue(), damaged(lines)), (value) => {
          const { batch } = read(`${JSON.stringify(value)}\n`)
          for (const { time, place: name } of countedOf(batch)) {
            expect(Number.isNaN(time) || Number.isFinite(time)).toBe(true)
            expect(name).toBe(sessionKey(source.agent, place.slug, place.session))
          }
        }),
        RUNS,
      )
    })

    it('nothing fails, whatever the decoder hands over', () => {
      fc.assert(
        fc.property(fc.anything(), (value) => {
          const reader = source.open(transcript, new BatchBuilder(), { skip: () => undefined, cwd: () => undefined })
          reader.read(value, 0)
        }),
        RUNS,
      )
    })
  })
}

function tokens(counted: readonly Counted[]): number {
  return counted.flatMap((each) => TOKENS.map(({ type }) => each[type])).reduce((sum, count) => sum + count, 0)
}

function withoutKey(counted: Counted): unknown {
  return { ...counted, key: '' }
}

/** The lines with every number in them changed. */
function withNumbers(lines: readonly object[], change: (number: number) => number): string {
  const text = (line: object): string =>
    JSON.stringify(line, (_, value: unknown) => (typeof value === 'number' ? change(value) : value))
  return lines.map((line) => `${text(line)}\n`).join('')
}

/** One of the lines with something in it replaced by something else. */
function damaged(lines: readonly object[]): fc.Arbitrary<object> {
  return fc.tuple(fc.constantFrom(...lines), fc.nat(), fc.jsonValue()).map(([line, place, value]) => {
    let left = place % JSON.stringify(line).split(/[:,[]/).length
    // Values are visited in one order, whatever they are.
    return JSON.parse(JSON.stringify(line), (_, old: unknown) => (left-- === 0 ? value : old)) as object
  })
}
