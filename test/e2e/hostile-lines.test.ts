// Hostile lines: the program reads 64 MB of them with less than 300 MB of memory, counts what is valid, and counts what it
// skipped. Lines that take seconds to read are shorter by default; AUE_HOSTILE_MB=64 makes them as long as the others.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { samples, sumOf } from '../support/exposition.js'
import { SLOW_BYTES } from '../support/hostile-size.js'
import { TELLS_PEAK, peakMemory } from '../support/peak-memory.js'
import { serve, type Served } from '../support/program.js'
import { temporaryFolder } from '../support/tree.js'

const MB = 1_000_000
const ALL = 64 * MB
const MOST_MB = 300

interface Hostile {
  readonly name: string
  /** Lines of the file, or parts of lines. */
  readonly parts: () => Iterable<string>
  /** Number of files that the lines are spread over; default 1. */
  readonly files?: number
  /** Counted requests without the response at the end, and skipped lines by reason. */
  readonly requests: number
  readonly skipped: Readonly<Record<string, number>>
}

const response = (id: string | number, rest = '', usage = ''): string =>
  `{"type":"assistant","message":{"id":"msg_${id}","model":"claude-opus-4-8","usage":{"output_tokens":1${usage}}${rest}`
/** An escaped key, with which the walker gives up the line. */
const ODD = '},"\\u006fdd":'

/** One line: a head, a middle repeated up to `bytes`, and a tail. */
function* line(head: string, middle: string, tail: string, bytes = ALL): Generator<string> {
  const block = middle.repeat(Math.ceil(MB / middle.length))
  yield head
  for (let left = bytes; left > 0; left -= block.length) yield block
  yield `${tail}\n`
}

/** Lines of about `bytes` in total, each made from its number. */
function* many(make: (number: number) => string, bytes: number): Generator<string> {
  for (let number = 0, left = bytes; left > 0; number += 1) {
    const text = `${make(number)}\n`
    left -= text.length
    yield text
  }
}

const countOf = (parts: Iterable<string>): number => [...parts].length
const TOO_LONG = { requests: 0, skipped: { too_long: 1 } }
const bad = '{"usage":"assistant",}'
// The limits of a line: 8 MiB and 262,144 values.
const long = (number: number): string => `${response(number)}${ODD}"€${'x'.repeat(8 * 1024 * 1024 - 200)}"}`
const full = (number: number): string => `${response(number)}${ODD}[${'{},'.repeat(131_000)}0]}`
const deep = (number: number): string => `${response(number)}${ODD}${'['.repeat(262_000)}${']'.repeat(262_000)}}`
const tools = (number: number): string => {
  const uses = Array.from(
    { length: 1_000 },
    (_, use) => `{"type":"tool_use","name":"WebSearch","id":"${number}_${use}"}`,
  )
  return `${response(number)},"content":[${uses.join(',')}]}}`
}
const passes = (number: number): string =>
  `${response(number, '', `,"iterations":[${new Array(1_000).fill('{"type":"advisor_message","output_tokens":1,"speed":"standard"}').join(',')}]`)}}}`
// The shortest passes.
const shortPasses = (number: number): string =>
  `${response(number, '', `,"iterations":[${new Array(1_000).fill('{"type":"advisor_message","output_tokens":1}').join(',')}]`)}}}`
/** A copy without its message id, and its original. */
const pair = (number: number): string =>
  `{"type":"assistant","uuid":"u${number}","requestId":"r${number}","message":{"id":"u${number}","usage":{"output_tokens":1}}}\n` +
  `{"type":"assistant","requestId":"r${number}","message":{"id":"msg_${number}","usage":{"output_tokens":1}}}`

const HOSTILE: readonly Hostile[] = [
  { name: 'a usage line', parts: () => line(`${response(0)}},"x":"`, 'x', '"}', 60 * MB), ...TOO_LONG },
  {
    name: 'a usage line with an escaped key',
    parts: () => line(`${response(0)}${ODD}"€`, 'x', '"}', 60 * MB),
    ...TOO_LONG,
  },
  { name: 'very many objects', parts: () => line('{"type":"assistant","usage":1}', '{}', ''), ...TOO_LONG },
  {
    name: 'very many objects in 7 MB',
    parts: () => line('{"type":"assistant","usage":1}', '{}', '', 7 * MB),
    requests: 0,
    skipped: { too_many_values: 1 },
  },
  { name: 'objects in a list', parts: () => line(`${response(0)}${ODD}[0`, ',{}', ']}'), ...TOO_LONG },
  {
    name: 'the same response on one line very many times',
    parts: () => line('', `${response(0)}}}`, '', 58 * MB),
    ...TOO_LONG,
  },
  {
    name: 'objects nested nine million deep',
    parts: () => line(`${response(0)}${ODD}`, '{"a":', `1${'}'.repeat(9 * MB)}}`, 45 * MB),
    ...TOO_LONG,
  },
  {
    name: 'lists nested a million deep',
    parts: () => line(`${response(0)}${ODD}`, '[', `${']'.repeat(MB)}}`, MB),
    requests: 0,
    skipped: { too_many_values: 1 },
  },
  {
    name: 'one key five million times',
    parts: () => line(`${response(0)}${ODD}1`, ',"a":1', '}', 30 * MB),
    ...TOO_LONG,
  },
  {
    name: 'half a million advisor passes',
    parts: () =>
      line(response(0, '', ',"iterations":[0'), ',{"type":"advisor_message","output_tokens":1}', ']}}}', 22 * MB),
    ...TOO_LONG,
  },
  {
    name: 'half a million searches',
    parts: () =>
      line(`${response(0)},"content":[0`, ',{"type":"tool_use","name":"WebSearch","id":"toolu_1"}', ']}}', 29 * MB),
    ...TOO_LONG,
  },
  {
    name: 'more searches than are plausible',
    parts: () =>
      line(`${response(0)},"content":[0`, ',{"type":"tool_use","name":"WebSearch","id":"toolu_1"}', ']}}', MB),
    requests: 0,
    skipped: { implausible: 1 },
  },
  {
    name: 'lines of the maximum length',
    parts: () => many(long, ALL - MB),
    requests: countOf(many(long, ALL - MB)),
    skipped: {},
  },
  {
    name: 'lines with the maximum number of values',
    parts: () => many(full, SLOW_BYTES),
    requests: countOf(many(full, SLOW_BYTES)),
    skipped: {},
  },
  {
    name: 'lines of the maximum depth',
    parts: () => many(deep, SLOW_BYTES),
    requests: countOf(many(deep, SLOW_BYTES)),
    skipped: {},
  },
  {
    name: 'responses with a thousand searches',
    parts: () => many(tools, SLOW_BYTES),
    requests: countOf(many(tools, SLOW_BYTES)),
    skipped: {},
  },
  {
    name: 'responses with a thousand advisor passes',
    parts: () => many(passes, SLOW_BYTES),
    requests: 1_001 * countOf(many(passes, SLOW_BYTES)),
    skipped: {},
  },
  {
    name: 'more than a million responses',
    parts: () => many(shortPasses, ALL),
    requests: 1_001 * countOf(many(shortPasses, ALL)),
    skipped: {},
  },
  {
    name: 'more than a million responses in many files',
    parts: () => many(shortPasses, ALL),
    files: 64,
    requests: 1_001 * countOf(many(shortPasses, ALL)),
    skipped: {},
  },
  { name: 'copies and their originals', parts: () => many(pair, ALL), requests: countOf(many(pair, ALL)), skipped: {} },
  {
    name: 'lines that are not JSON',
    parts: () => many(() => bad, SLOW_BYTES),
    requests: 0,
    skipped: { invalid_json: countOf(many(() => bad, SLOW_BYTES)) },
  },
  { name: 'empty lines', parts: () => line('', '\n', ''), requests: 0, skipped: {} },
]

const folder = temporaryFolder()
let served: Served | undefined
afterEach(() => served?.stop())

describe.runIf(TELLS_PEAK)('peak memory stays below the limit and counts are right for', () => {
  it.each(HOSTILE)('$name', async ({ name, parts, files, requests, skipped }) => {
    const configDir = join(folder, name)
    write(join(configDir, 'projects/p'), parts(), files)
    served = await serve([configDir])
    await served.ready()
    const peak = peakMemory(served.child.pid!)
    const all = samples(
      (await served.scrape())
        .split('\n')
        .filter((sample) => sample.startsWith('agent_usage_'))
        .join('\n'),
    )
    const told = all.filter((sample) => sample.name === 'agent_usage_exporter_lines_skipped_total' && sample.value > 0)
    expect(sumOf(all, 'agent_usage_requests_total')).toBe(requests + 1)
    expect(Object.fromEntries(told.map(({ labels, value }) => [labels.reason, value]))).toEqual(skipped)
    expect(peak).toBeLessThan(MOST_MB)
  })
})

/** Writes the parts to one file or, as whole lines, to several; the first file ends with a response. */
function write(directory: string, parts: Iterable<string>, count = 1): void {
  mkdirSync(directory, { recursive: true })
  const files = Array.from({ length: count }, (_, number) => openSync(join(directory, `S${number}.jsonl`), 'w'))
  let turn = 0
  for (const part of parts) writeSync(files[turn++ % count]!, part)
  writeSync(files[0]!, `${response('last')}}}\n`)
  for (const file of files) closeSync(file)
}
