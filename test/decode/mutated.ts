// One log line per seed: real or generated, intact or damaged in one or more of the ways in which a fast reader might
// disagree with JSON.parse. Failing tests are shrunk to seeds, not to texts.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hostileResponse } from '../support/hostile-response.js'
import { randomStyle, render } from '../support/json-style.js'
import { progress, type Fields } from '../support/line.js'
import { seeded, type Random } from '../support/random.js'

const fixtures = fileURLToPath(new URL('../fixtures/real', import.meta.url))
const realLines = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.jsonl'))
  .flatMap((path) => readFileSync(join(fixtures, path), 'utf8').split('\n'))
  .filter((text) => text !== '')
const realUsageLines = realLines.filter((text) => text.includes('"usage"'))

/** The bytes of a line, without its line feed; the same seed gives the same bytes. */
export function mutatedLine(seed: number): Buffer {
  const random = seeded(seed)
  return spoilt(original(random), random, WANTED)
}

/** @param wanted matches the keys that the reader reads, each up to its colon */
export function spoilt(line: string, random: Random, wanted: RegExp): Buffer {
  let text = line
  for (let changes = random.pick([0, 0, 0, 1, 1, 1, 2]); changes > 0; changes -= 1)
    text = random.pick(TEXT_CHANGES)(text, random, wanted)
  const bytes = Buffer.from(text.replaceAll('\n', ' '))
  return random.chance(0.12) ? changedBytes(bytes, random) : bytes
}

function original(random: Random): string {
  const kind = random.int(10)
  if (kind < 3) return random.pick(realUsageLines)
  if (kind === 3) return random.pick(realLines)
  if (kind === 4) return random.pick(REST)
  const { lines, results } = hostileResponse(random, {
    cwd: random.pick(['/w/app', 'C:\\w\\app', ' /w/é ', undefined]),
    sessionId: 'S',
  })
  const line = random.pick(lines)
  if (kind === 5 && results.length > 0) return render(random.pick(results), randomStyle(random), random)
  if (kind <= 7) return render(line, randomStyle(random), random)
  const echo = JSON.parse(progress(JSON.parse(render(line, COMPACT, random)) as Fields)) as Fields
  return render(echo, randomStyle(random), random)
}

const COMPACT = { gap: '', shuffle: false, ascii: false } as const

/** Lines that neither the fixtures nor the generator contain. */
const REST = [
  '',
  ' ',
  '\t\r',
  '\0\0',
  '\0{}\0',
  '{}',
  '[]',
  '[{"usage":1,"assistant":2}]',
  'null',
  '"usage" "assistant"',
  '{bad',
  '{"usage":"assistant"',
  '{"cwd":"/w/x"}',
  '{"cwd":"  "}',
  '{"cwd":null}',
  '{"cwd":7,"type":"user"}',
  '{"cwd":"/a","cwd":"/b"}',
  '{"x":{"cwd":"/no"}}',
  '{"cwd":"C:\\\\w"}',
  '{"type":"assistant","message":{"usage":{}}}',
  '{"type":"assistant","message":{"usage":[]}}',
  '{"type":"assistant","message":{"usage":null}}',
  '{"type":"progress","data":{"message":null},"usage":0,"x":"assistant"}',
  '{"type":"progress","data":[{"message":{}}],"usage":0,"x":"assistant"}',
  '{"type":"assistant","message":{"usage":{"input_tokens":1}}}',
  '{"message":{"usage":{"input_tokens":1}}}{"type":"assistant"}',
]

type TextChange = (text: string, random: Random, wanted: RegExp) => string

/** Replaces one match of a pattern, picked at random. */
function replaceOne(text: string, pattern: RegExp, random: Random, by: (match: string) => string): string {
  const matches = [...text.matchAll(pattern)]
  if (matches.length === 0) return text
  const { 0: match, index } = random.pick(matches)
  return text.slice(0, index) + by(match) + text.slice(index + match.length)
}

const WANTED =
  /"(?:type|uuid|cwd|data|message|requestId|timestamp|isSidechain|isApiErrorMessage|id|model|stop_reason|usage|content|name|iterations|speed|inference_geo|service_tier|server_tool_use|web_search_requests|cache_creation|\w+_tokens|toolUseResult|searchCount)"(?=\s*:)/g

const ODD_VALUES = [
  'null',
  'true',
  'false',
  '[]',
  '{}',
  '""',
  '" "',
  '"x"',
  '"\\u0066ast"',
  '"refusal"',
  '"fast"',
  '"us"',
  '"batch"',
  '"assistant"',
  '"progress"',
  '"user"',
  '"<synthetic>"',
  '" msg_1 "',
  '"msg_é"',
  '"a\\nb"',
  '"2026-02-30T10:00:00.000Z"',
  '"2024-02-29T23:59:60.999Z"',
  '"1900-01-01T00:00:00.000Z"',
  '"0099-01-01T00:00:00.000Z"',
  '"2026-11-01T24:00:00.000Z"',
  '"2026-11-01T10:00:00Z"',
  '"2026-11-01t10:00:00.000z"',
  '"2026-11-01T10:00:00.0000Z"',
  '"2026-00-01T10:00:00.000Z"',
  '"2026-13-01T10:00:00.000Z"',
  '"2026-11-00T10:00:00.000Z"',
  '"2026-11-31T10:00:00.000Z"',
  '"2000-02-29T10:00:00.000Z"',
  '"2100-02-29T10:00:00.000Z"',
  '"9999-12-31T23:59:59.999Z"',
  '"2026-11-01T10:60:00.000Z"',
  '"2026-11-01T10:00:61.000Z"',
  '"2026-11-01T1a:00:00.000Z"',
  '[{"type":"message"}]',
  '[{"type":"compaction","input_tokens":5}]',
  '[{"type":"advisor_message","output_tokens":5}]',
  '[[{"type":"compaction"}]]',
  '[{"type":"compact\\u0069on","input_tokens":5}]',
  '[{"type":"tool_use","name":"WebSearch","id":"toolu_1"}]',
  '[{"name":"Web\\u0053earch","type":"tool_use","id":"t"}]',
  '{"input_tokens":5}',
  '{"usage":{"input_tokens":5}}',
  '{"type":"assistant","message":{"usage":{"output_tokens":5}}}',
  '{"message":{"usage":{"input_tokens":7}}}',
]
const ODD_NUMBERS = [
  '0',
  '-0',
  '-5',
  '1e3',
  '1E+2',
  '5.7',
  '0.4',
  '1e999',
  '-1e999',
  '4294967295',
  '4294967296',
  '10000',
  '10001',
  '16777216',
  '16777217',
  '50000000',
  '100000000',
  '100000001',
  '99999999999999999999',
  '999999999999999999',
  '1234567890123456789',
  '1'.repeat(400),
  '01',
  '00',
  '+1',
  '.5',
  '5.',
  '1e',
  '1e+',
  '-',
  '0x10',
  'NaN',
  'Infinity',
  '1_000',
  '0e1',
  '0.0',
  '-01',
  '12abc',
]
const LOOK_ALIKES = [
  '"usage ":{"input_tokens":9}',
  '"usag":{"output_tokens":9}',
  '"Usage":{"input_tokens":9}',
  '"nested":{"type":"assistant","usage":{"input_tokens":9}}',
  '"message":{"id":"msg_x","usage":{"input_tokens":9}}',
  '"data":{"message":{"type":"assistant","message":{"usage":{"input_tokens":9}}}}',
  '"x":[{"usage":{"input_tokens":9},"type":"assistant"}]',
  '"us\\u0061ge":{"input_tokens":9}',
  '"\\u0074ype":"assistant"',
  '"k\\\\":1',
  '"é":1',
  '"":0',
  '"isSidechain":true',
  '"isApiErrorMessage":true',
  '"__proto__":{"type":"assistant"}',
  '"input_tokens":9',
  '"cache_creation":{"ephemeral_5m_input_tokens":9}',
  '"toolUseResult":{"searchCount":3}',
  '"toolUseResult":{"search\\u0043ount":3}',
  '"name":"WebSearch"',
  '"iterations":[{"type":"compaction","input_tokens":9}]',
  '"' + 'k'.repeat(15) + '":1',
  '"' + 'k'.repeat(16) + '":1',
  '"' + 'k'.repeat(40) + '":"' + 'v'.repeat(33) + '"',
]
const BAD_STRINGS = [
  '\\x',
  '\\u12',
  '\\u12g4',
  '\\',
  '\t',
  '\u0001',
  '\u001f',
  '\\u',
  '\\U0041',
  '\\a',
  '"',
  '\\"',
  '\\\\',
  '\\\\\\"',
  '\\ud83d',
  '\u007f',
  '\u0080',
  '\u2028',
  '\ufeff',
]

const TEXT_CHANGES: readonly TextChange[] = [
  // Gives a wanted key another value; the old one becomes that of a second such key, that of "was", or is replaced.
  (text, random, wanted) => replaceOne(text, wanted, random, (key) => `${key}:${random.pick(ODD_VALUES)},${key}`),
  (text, random, wanted) => replaceOne(text, wanted, random, (key) => `${key}:${random.pick(ODD_VALUES)},"was"`),
  (text, random) =>
    replaceOne(text, /:\s*(?:"[^"\\]*"|\d+|null|true|false)(?=\s*[,}])/g, random, () => `:${random.pick(ODD_VALUES)}`),
  (text, random) => replaceOne(text, /:\s*-?\d+/g, random, () => `:${random.pick(ODD_NUMBERS)}`),
  (text, random, wanted) => replaceOne(text, wanted, random, (key) => `${random.pick(LOOK_ALIKES)},${key}`),
  (text, random, wanted) => replaceOne(text, wanted, random, (key) => escapedSomewhere(key, random)),
  (text, random, wanted) => replaceOne(text, wanted, random, (key) => key.slice(0, -1)),
  (text, random) => replaceOne(text, /"[^"\\]+"/g, random, (string) => escapedSomewhere(string, random)),
  (text, random) =>
    replaceOne(text, /"[^"]*"/g, random, (string) => `${string.slice(0, -1)}${random.pick(BAD_STRINGS)}"`),
  (text, random) =>
    replaceOne(
      text,
      /"[^"]*"/g,
      random,
      (string) => `"${'x'.repeat(random.int(40))}${random.pick(BAD_STRINGS)}${string.slice(1)}`,
    ),
  (text, random) =>
    replaceOne(text, /[,:{}[\]]/g, random, (token) =>
      random.pick(['', ` ${token}`, `${token}\t`, `${token}\r`, `${token}${token}`, `${token}\v`, `${token}\0`, ';']),
    ),
  (text, random) => replaceOne(text, /[}\]]/g, random, (token) => `,${token}`),
  (text, random) =>
    replaceOne(text, /[}\]]/g, random, (token) =>
      random.pick([`${token}x`, `${token} {}`, `${token}${text}`, '}', ']', '']),
    ),
  (text, random) =>
    replaceOne(text, /true|false|null/g, random, () =>
      random.pick(['tru', 'nul', 'False', 'nulll', 'truee', 'undefined']),
    ),
  (text, random) =>
    replaceOne(
      text,
      /"content"\s*:/g,
      random,
      (key) => `"deep":${nested(random.pick([5, 200, 254, 255, 256, 257, 1000]))},${key}`,
    ),
  (text, random) => text.slice(0, random.int(text.length + 1)),
  (text, random) => text.slice(random.int(text.length + 1)),
  (text, random) => text + random.pick(['\r', ' ', '\0', '\t \r', '\v', ' x', '{}', text, ` ${text}`, '}']),
  (text, random) => random.pick(['\r', ' ', '\0', '\t', '\v', '\ufeff', 'x', '{']) + text,
]

function escapedSomewhere(string: string, random: Random): string {
  const at = 1 + random.int(Math.max(1, string.length - 2))
  const unit = string.charCodeAt(at).toString(16).padStart(4, '0')
  return `${string.slice(0, at)}\\u${random.chance(0.5) ? unit : unit.toUpperCase()}${string.slice(at + 1)}`
}

function nested(depth: number): string {
  return '[{"a":'.repeat(depth >> 1) + (depth % 2 === 0 ? '1' : '[1]') + '}]'.repeat(depth >> 1)
}

/** Inserts, removes or changes one byte; never inserts a line feed. */
function changedBytes(bytes: Buffer, random: Random): Buffer {
  const at = random.int(bytes.length + 1)
  const byte = random.pick([
    0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x3a, 0x30, 0x2d, 0x2e, 0x65, 0x20, 0x00, 0x01, 0x1f, 0x7f, 0x80, 0xc3,
    0xff,
  ])
  const kept = random.chance(0.5) ? at : at + 1
  return Buffer.concat([
    bytes.subarray(0, at),
    random.chance(0.3) ? Buffer.alloc(0) : Buffer.from([byte]),
    bytes.subarray(kept),
  ])
}
