// The exam that every source takes: what the rest of the program relies on.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_SAVED } from '../../src/core/cursor.js'
import { BatchBuilder, type Batch } from '../../src/core/ledger/batch.js'
import { Sessions, sessionKey } from '../../src/core/sessions.js'
import { StringTable } from '../../src/core/tables/strings.js'
import { TOKENS } from '../../src/core/schema.js'
import type { Name } from '../../src/core/ledger/keys.js'
import type { LogFile, Response, Source, Transcript, UsageSink } from '../../src/sources/source.js'
import { FileSink } from '../../src/worker/file-sink.js'
import { countedOf, readTranscript, type Counted } from './reading.js'

export interface Examples {
  /** Paths below a root, each with the result of `locate`. */
  readonly transcripts: readonly (readonly [path: string, place: LogFile])[]
  readonly notTranscripts: readonly string[]
  /** The lines of the first transcript as objects. They show everything that can count, and some of them must count. */
  readonly lines: readonly object[]
  /** The lines of another file, which may start with copies of those above. */
  readonly fork?: readonly object[]
  /** A line of a type that no version writes. */
  readonly unknownLine: object
}

const RUNS = { numRuns: 1_000 }
const part = fc.oneof(
  fc.string().filter((text) => !text.includes('/')),
  fc.constantFrom('.jsonl', 'a.jsonl', '', '__proto__'),
)

export function sourceExam(
  source: Source,
  { transcripts, notTranscripts, lines, fork = lines, unknownLine }: Examples,
): void {
  const [path, place] = transcripts[0]!
  const transcript: Transcript = { ...place, path: `/root/${path}`, wantsCwd: true }
  const read = (content: string) => readTranscript(source, transcript, content)
  const texts = lines.map((line) => `${JSON.stringify(line)}\n`)
  const whole = countedOf(read(texts.join('')).batch)

  describe(`${source.agent}: the location of transcripts`, () => {
    it('has an agent name of lower-case letters, digits and hyphens', () => {
      expect(source.agent).toMatch(/^[a-z0-9-]+$/)
    })

    it('has a complete setting for its directories, with defaults for an empty environment', () => {
      const { flag, name, help, example, defaultHelp, hint, defaults } = source.directories
      expect(flag).toMatch(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/)
      for (const words of [name, help, example, defaultHelp, hint]) expect(words).not.toBe('')
      const found = defaults({ env: {}, list: () => [], xdg: (_, fallback) => `/home/ann/${fallback}` })
      expect(found.length).toBeGreaterThan(0)
      for (const path of found) expect(path).toMatch(/^(?:~|\/home\/ann)(?:\/|$)/)
    })

    it("names the agent's own telemetry as counters, with labels that keep series distinct", () => {
      const series = ['m1', 'm2'].flatMap((model) =>
        ['p1', 'p2'].map((project) => ({ agent: source.agent, project, model })),
      )
      for (const { name, help, otlp, labels, samplesOf } of source.compat ?? []) {
        expect(name).toMatch(/^(?!agent_usage_)[a-zA-Z_]\w*_total$/)
        for (const words of [help, otlp.name]) expect(words).not.toBe('')
        const found = series.flatMap((each) => samplesOf(each))
        for (const sample of found) {
          expect(Object.keys(sample.labels)).toEqual(labels)
          expect(sample.measures.length).toBeGreaterThan(0)
        }
        expect(new Set(found.map((sample) => Object.values(sample.labels).join('\0'))).size).toBe(found.length)
      }
    })

    it.each(transcripts.map(([at, expected]) => [at, expected] as const))('accepts %s', (at, expected) => {
      expect(source.locate(at.split('/'))).toEqual(expected)
      for (const [depth, directory] of at.split('/').slice(0, -1).entries())
        expect(source.entersDirectory(directory, depth)).toBe(true)
    })

    it.each(notTranscripts)('ignores %s', (at) => {
      const parts = at.split('/')
      const entered = parts.slice(0, -1).every((directory, depth) => source.entersDirectory(directory, depth))
      expect(entered ? source.locate(parts) : undefined).toBeUndefined()
    })

    it('maps any path to no transcript, or to one whose session key yields agent and project', () => {
      const places = new Sessions(new StringTable())
      fc.assert(
        fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
          const found = source.locate(parts)
          if (found === undefined) return
          const name = sessionKey(source.agent, found.project, found.session)
          expect([places.agent(name), places.project(name)]).toEqual([source.agent, found.project])
        }),
        RUNS,
      )
    })

    it('finds roots for any directory, and a project for any working directory', () => {
      fc.assert(
        fc.property(part, (text) => {
          const groups = source.roots(`/config/${text}`)
          expect(groups.length).toBeGreaterThan(0)
          for (const candidates of groups) expect(candidates.length).toBeGreaterThan(0)
          expect(typeof source.entersDirectory(text, 0)).toBe('boolean')
          expect(typeof source.projectOf(text)).toBe('string')
          expect(typeof source.projectOf(`/${text}`)).toBe('string')
        }),
        { numRuns: 200 },
      )
    })
  })

  describe(`${source.agent}: the meaning of lines`, () => {
    it('counts tokens of the example lines', () => {
      expect(whole.length).toBeGreaterThan(0)
      expect(tokens(whole)).toBeGreaterThan(0)
      for (const { place: name } of whole) expect(name).toBe(sessionKey(source.agent, place.project, place.session))
    })

    it('counts the same when a file is read in two parts, cut between lines, before a line feed or inside a line', () => {
      for (const cut of cutsOf(texts)) {
        const pieces = readInPieces(source, transcript, Buffer.from(texts.join('')), [cut])
        expect(countedOf(...pieces), `cut at byte ${cut}`).toEqual(whole)
        expect(countedOf(...pieces.reverse()), `cut at byte ${cut}`).toEqual(whole)
      }
    })

    it('counts the same when two files are read in any number of parts and the batches are joined in any order', () => {
      const forked: Transcript = { ...transcript, session: `${place.session}-fork`, path: `${transcript.path}-fork` }
      const files = [
        { file: transcript, bytes: Buffer.from(texts.join('')) },
        { file: forked, bytes: Buffer.from(fork.map((line) => `${JSON.stringify(line)}\n`).join('')) },
      ]
      const both = countedOf(...files.flatMap(({ file, bytes }) => readInPieces(source, file, bytes, [])))
      const cuts = fc.array(fc.nat(1_000_000), { maxLength: 12 })
      fc.assert(
        fc.property(cuts, cuts, fc.boolean(), fc.infiniteStream(fc.nat(1_000_000)), (one, other, again, order) => {
          const batches = files.flatMap(({ file, bytes }, index) => {
            const places = [one, other][index]!.map((cut) => cut % (bytes.length + 1))
            const pieces = readInPieces(source, file, bytes, places)
            return again ? [...pieces, ...readInPieces(source, file, bytes, [])] : pieces
          })
          const shuffled = batches
            .map((batch) => ({ batch, at: order.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ batch }) => batch)
          expect(countedOf(...shuffled)).toEqual(both)
        }),
        { numRuns: 300 },
      )
    })

    it('saves state only if it is sequential, and never more than MAX_SAVED characters', () => {
      const long = lines.map((line) =>
        JSON.stringify(line, (_, value: unknown) => (typeof value === 'string' ? value + 'é"'.repeat(5_000) : value)),
      )
      for (const content of texts.map((_, index) => texts.slice(0, index).join(''))) {
        const { saved } = read(content)
        expectSaved(source, saved)
        // The state after ordinary lines must fit.
        expect(saved !== undefined).toBe(source.sequential === true)
      }
      for (const content of long.map(twice)) expectSaved(source, read(content).saved)
      fc.assert(
        fc.property(fc.array(damaged(lines), { maxLength: 5 }), (some) =>
          expectSaved(source, read(some.map((line) => `${JSON.stringify(line)}\n`).join('')).saved),
        ),
        { numRuns: 200 },
      )
    })

    it('does not report longer names for a line because an earlier line held long ones', () => {
      for (const [index, long] of enlarged(lines).entries()) {
        for (const later of lines) {
          const named = recordingSink()
          const reader = source.open(transcript, named.sink)
          for (const before of [...lines.slice(0, index), long]) reader.read(before, 0)
          named.units = 0
          reader.read(later, 0)
          expect(named.units).toBeLessThan(4 * JSON.stringify(later).length + 4_096)
        }
      }
    })

    it('rejects damaged or foreign saved state, or reads on from it without an error', () => {
      const saved = texts.flatMap((_, index) => read(texts.slice(0, index + 1).join('')).saved ?? [])
      const cut = saved.flatMap((one) => [one.slice(0, -1), one.slice(1), one.replace(/"[^"]*"/, '7'), `[${one}]`])
      for (const odd of ['', 'x', 'null', '7', '""', '[]', '{}', '[[]]', '["",0]', '["",[]]', '["","",[[]]]', ...cut]) {
        let reader
        try {
          reader = source.open(transcript, new FileSink(source, transcript, new BatchBuilder()), odd)
        } catch {
          continue
        }
        for (const line of lines) reader.read(line, 0)
        expectSaved(source, reader.save?.())
      }
    })

    it('counts the same when a batch is joined twice', () => {
      const { batch } = read(texts.join(''))
      expect(countedOf(batch, batch)).toEqual(whole)
    })

    it('counts each response unchanged when all lines are repeated in the file', () => {
      const twice = countedOf(read([...texts, ...texts].join('')).batch)
      expect(twice).toEqual(expect.arrayContaining(whole))
    })

    it('ignores unknown fields and lines of unknown type', () => {
      const more = lines.map((line) => JSON.stringify({ ...line, unknown_field: { deep: [null, { usage: 1 }] } }))
      const same = countedOf(read(`${more.join('\n')}\n`).batch)
      expect(same.map(withoutKey)).toEqual(expect.arrayContaining(whole.map(withoutKey)))
      expect(same).toHaveLength(whole.length)
      expect(countedOf(read([...texts, `${JSON.stringify(unknownLine)}\n`].join('')).batch)).toEqual(whole)
    })

    it('ignores negative counts and rounds fractions down', () => {
      expect(countedOf(read(withNumbers(lines, (number) => -number - 1)).batch)).toEqual([])
      expect(tokens(countedOf(read(withNumbers(lines, (number) => number + 0.5)).batch))).toBe(tokens(whole))
    })

    it('reads any JSON line without an error', () => {
      fc.assert(
        fc.property(fc.oneof(fc.jsonValue(), damaged(lines)), (value) => {
          const { batch } = read(`${JSON.stringify(value)}\n`)
          for (const { time, place: name } of countedOf(batch)) {
            expect(Number.isNaN(time) || Number.isFinite(time)).toBe(true)
            expect(name).toBe(sessionKey(source.agent, place.project, place.session))
          }
        }),
        RUNS,
      )
    })

    it('reads any value from the decoder without an error', () => {
      fc.assert(
        fc.property(fc.anything(), (value) => {
          const reader = source.open(transcript, new FileSink(source, transcript, new BatchBuilder()))
          reader.read(value, 0)
          expectSaved(source, reader.save?.())
        }),
        RUNS,
      )
    })
  })
}

/** The same lines with every string made too long to be kept. */
function enlarged(lines: readonly object[]): readonly object[] {
  const isType = (key: string): boolean => /type|event\.name|relay|role/.test(key)
  const longer = (key: string, value: unknown): unknown =>
    typeof value === 'string' && !isType(key) ? value + 'x'.repeat(100_000) : value
  return lines.map((line) => JSON.parse(JSON.stringify(line), longer) as object)
}

/** A sink that counts the characters of reported names. */
function recordingSink(): { readonly sink: UsageSink; units: number } {
  const named = {
    units: 0,
    sink: {
      wantsCwd: true,
      response: ({ key, request, model, tools }: Response) => {
        named.units += JSON.stringify([key, request, model, tools]).length
      },
      toolResult: (tool: Name) => {
        named.units += JSON.stringify(tool).length
      },
      skip: () => undefined,
      cwd: () => undefined,
    },
  }
  return named
}

/** Reads a file as a series of workers does, each up to one of the cuts. */
export function readInPieces(source: Source, file: Transcript, bytes: Buffer, cuts: readonly number[]): Batch[] {
  let offset = 0
  let saved: string | undefined
  return [...cuts, bytes.length]
    .sort((a, b) => a - b)
    .map((end) => {
      const piece = bytes.subarray(offset, end)
      const part = readTranscript(source, file, piece, { offset, saved })
      offset += piece.lastIndexOf(0x0a) + 1
      saved = offset === 0 ? undefined : part.saved
      expectSaved(source, part.saved)
      if (source.sequential === true && saved === undefined) offset = 0
      return part.batch
    })
}

/** A sequential source saves at most MAX_SAVED characters, or nothing if its state is larger. Others save nothing. */
function expectSaved({ sequential }: Source, saved: string | undefined): void {
  if (sequential !== true) expect(saved).toBeUndefined()
  else if (saved !== undefined) {
    expect(saved.length).toBeGreaterThan(0)
    expect(saved.length).toBeLessThanOrEqual(MAX_SAVED)
  }
}

/** For each line: the offsets of its start, inside it, and around its last bytes. */
function cutsOf(texts: readonly string[]): readonly number[] {
  let start = 0
  return texts.flatMap((text) => {
    const end = start + Buffer.byteLength(text)
    const middle = Math.floor((start + end) / 2)
    const cuts = [start, start + 1, middle, end - 2, end - 1, end]
    start = end
    return cuts
  })
}

function twice(line: string): string {
  return `${line}\n${line}\n`
}

function tokens(counted: readonly Counted[]): number {
  return counted.flatMap((each) => TOKENS.map(({ type }) => each[type])).reduce((sum, count) => sum + count, 0)
}

function withoutKey(counted: Counted): unknown {
  return { ...counted, key: '' }
}

/** The lines with `change` applied to every number. */
function withNumbers(lines: readonly object[], change: (number: number) => number): string {
  const text = (line: object): string =>
    JSON.stringify(line, (_, value: unknown) => (typeof value === 'number' ? change(value) : value))
  return lines.map((line) => `${text(line)}\n`).join('')
}

/** One of the lines with one value in it replaced by another. */
function damaged(lines: readonly object[]): fc.Arbitrary<object> {
  return fc.tuple(fc.constantFrom(...lines), fc.nat(), fc.jsonValue()).map(([line, place, value]) => {
    let left = place % JSON.stringify(line).split(/[:,[]/).length
    // JSON.parse visits values in a fixed order, so that `place` picks the same one each time.
    return JSON.parse(JSON.stringify(line), (_, old: unknown) => (left-- === 0 ? value : old)) as object
  })
}
