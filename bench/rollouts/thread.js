// A thread and its rollout: version, time, model and running totals.
import * as lines from './lines.js'

/** @typedef {import('../tree/random.js').Random} Random */
/** @typedef {import('../tree/sheet.js').Sheet} Sheet */
/** @typedef {import('./lines.js').Counts} Counts */
/** @typedef {ReturnType<typeof createThread>} Thread */
/** @typedef {(thread: Thread, counts: Counts) => void} Book */

/** Versions, and what each writes: a `turn_context` for every request, settings, records (codex-logs 2.1). */
const VERSIONS = /** @type {const} */ ([
  ['0.104.0', { everyRequest: true, settings: false, records: false }],
  ['0.142.4', { everyRequest: false, settings: false, records: false }],
  ['0.147.0', { everyRequest: false, settings: true, records: false }],
  ['0.160.0', { everyRequest: false, settings: true, records: true }],
])
const MODELS = ['gpt-5.5', 'gpt-5.4', 'gpt-5.4-mini', 'gpt-5.3-codex', 'gpt-5.6-sol', 'gpt-5.6-luna']
const LONGEST_CONTEXT = 250_000

/** @param {{ label: string, cwd: string }} place @param {number} startMs @param {Random} random */
export function createThread(place, startMs, random) {
  const [version, habits] = VERSIONS[random.weighted([0.35, 0.35, 0.2, 0.1])] ?? VERSIONS[0]
  let clockMs = startMs
  return {
    place,
    version,
    habits,
    id: uuid7(startMs, random),
    begun: new Date(startMs).toISOString(),
    model: random.pick(MODELS),
    turn: '',
    context: 0,
    /** @type {Counts} */
    total: { input: 0, cached: 0, output: 0, reasoning: 0 },
    /** Advances the clock by some milliseconds or seconds. */
    tick() {
      clockMs += random.skewed(900, 1.3, 300_000)
      return new Date(clockMs).toISOString()
    },
    nextTurn() {
      this.turn = uuid7(clockMs, random)
    },
  }
}

/**
 * Writes turns until the file has its size.
 * @param {Sheet} sheet @param {Thread} thread @param {{ bytes: number, random: Random, book: Book }} options
 */
export function writeTurns(sheet, thread, { bytes, random, book }) {
  while (sheet.written() < bytes) {
    thread.nextTurn()
    lines.turnStarted(sheet, thread)
    if (thread.habits.settings && random.chance(0.5)) lines.settings(sheet, thread, random.pick([null, 'default']))
    if (random.chance(0.15)) thread.model = random.pick(MODELS)
    lines.turnContext(sheet, thread)
    lines.prompt(sheet, thread, random)
    const requests = random.skewed(6, 0.9, 120)
    for (let request = 0; request < requests && sheet.written() < bytes; request += 1) {
      if (request > 0 && thread.habits.everyRequest) lines.turnContext(sheet, thread)
      respond(sheet, thread, random, book)
      // A resumed session writes its header again.
      if (random.chance(0.047)) lines.header(sheet, thread, random)
    }
    lines.turnComplete(sheet, thread, random)
  }
}

/** One response: message, calls and count, which is often repeated (codex-logs 7). @param {Sheet} sheet @param {Thread} thread @param {Random} random @param {Book} book */
function respond(sheet, thread, random, book) {
  lines.speech(sheet, thread, random)
  const commands = random.between(0, 4)
  for (let index = 0; index < commands; index += 1) lines.command(sheet, thread, random)
  const last = countsOf(thread, random)
  const { total } = thread
  thread.total = {
    input: total.input + last.input,
    cached: total.cached + last.cached,
    output: total.output + last.output,
    reasoning: total.reasoning + last.reasoning,
  }
  if (thread.habits.records) lines.record(sheet, thread, random, last)
  if (random.chance(0.016)) lines.count(sheet, thread)
  lines.count(sheet, thread, last)
  book(thread, last)
  if (random.chance(0.24)) lines.count(sheet, thread, last)
  if (thread.context < LONGEST_CONTEXT) return
  lines.compaction(sheet, thread, random)
  thread.context = 0
}

/** The usage of a response: the context grows by the output of commands, and most of it is read from the cache. @param {Thread} thread @param {Random} random @returns {Counts} */
function countsOf(thread, random) {
  const fresh = random.skewed(2_500, 0.9, 40_000)
  const cached = random.chance(0.9) ? Math.floor(thread.context / 128) * 128 : 0
  const input = thread.context + fresh
  thread.context = input
  const output = random.skewed(220, 1.1, 20_000)
  return { input, cached, output, reasoning: Math.floor(output * 0.34) }
}

/** A UUID whose first 48 bits are the time. @param {number} ms @param {Random} random */
function uuid7(ms, random) {
  const time = ms.toString(16).padStart(12, '0')
  const rest = random.hex(18)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-a${rest.slice(3, 6)}-${rest.slice(6)}`
}
