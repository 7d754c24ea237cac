// Fills one file with turns until its size is reached, and counts every response once. Shares of line kinds and sizes are those of real
// logs (user lines are 2/3 of the bytes, usage lines 2/5 of the lines, 28 % of lines have non-ASCII characters).
import * as lines from './lines.js'

/** @typedef {import('./lines.js').Response} Response */
/** @typedef {{ toolUseId: string, assistantUuid: string }} Call */

/**
 * @typedef {object} Shape
 * @property {number} text             scale of all text lengths
 * @property {number[]} linesOfResponse probability of 1, 2, 3 lines
 * @property {number} toolResults      per response
 * @property {number} progress         lines per response
 */

/**
 * @param {import('./sheet.js').Sheet} sheet
 * @param {import('./session.js').Session} session
 * @param {{ bytes: number, shape: Shape, random: import('./random.js').Random, book: import('./book.js').BookResponse,
 *   echoes?: readonly Response[] }} options
 *   `echoes`: responses of sub-agents that `progress` lines of the main transcript repeat
 * @returns {Response[]} the file's own responses
 */
export function writeTranscript(sheet, session, { bytes, shape, random, book, echoes = [] }) {
  /** @type {Response[]} */
  const own = []
  const left = () => bytes - sheet.written()
  // No single text takes most of the remaining size, because small files have many small lines.
  /** @param {number} median @param {number} sigma @param {number} max */
  const size = (median, sigma, max) =>
    Math.max(20, Math.min(random.skewed(median * shape.text, sigma, max), Math.floor(left() / 3)))
  const foreign = () => random.chance(0.335)
  const echo = [...echoes]

  session.contextTokens = random.between(8_000, 22_000)
  if (random.chance(0.2) || left() <= 1500) lines.summaryLine(sheet, random)
  while (left() > 1500) {
    if (own.length === 0 || random.chance(0.1)) prompt()
    turn()
  }
  return own

  function prompt() {
    if (session.agentId === undefined && random.chance(0.4)) {
      lines.snapshotLine(sheet, session, random, Math.min(60, random.skewed(1, 1.3, 60)))
    }
    if (random.chance(0.15)) lines.queueLine(sheet, session, random.pick(['enqueue', 'dequeue']))
    const imageSize = left() > 6_000_000 && random.chance(0.004) ? random.skewed(300_000, 0.8, 2_200_000) : 0
    lines.promptLine(sheet, session, random, { size: size(500, 1.9, 400_000), foreign: foreign(), imageSize })
  }

  function turn() {
    const response = respond(session, random)
    const blocks = 1 + random.weighted(shape.linesOfResponse)
    const stated = outputs(session, response, blocks)
    response.tokens.output = Math.max(...stated)
    /** @type {Call[]} */
    const calls = []
    for (let i = 0; i < blocks; i += 1) {
      const toolUseId = i > 0 || random.chance(0.5) ? `toolu_01${random.token(22)}` : undefined
      const last = i === blocks - 1
      const stop = last && session.output === 'final' ? (toolUseId === undefined ? 'end_turn' : 'tool_use') : undefined
      const block = { toolUseId, size: size(230, 1.5, 170_000), foreign: foreign(), output: stated[i] ?? 0, stop }
      const assistantUuid = lines.assistantLine(sheet, session, random, response, block)
      if (toolUseId !== undefined) calls.push({ toolUseId, assistantUuid })
    }
    book(session, response)
    own.push(response)
    for (const call of calls) afterCall(call)
    if (random.chance(0.004)) lines.apiErrorLine(sheet, session, random)
    if (random.chance(0.16)) lines.turnLine(sheet, session, random)
  }

  /** @param {Call} call */
  function afterCall(call) {
    const echoed = session.agentId === undefined ? echo.pop() : undefined
    if (echoed !== undefined) {
      if (echoed.stray) book(session, echoed)
      const output = echoed.stray ? echoed.tokens.output : echoed.early
      const text = { size: size(1300, 1.1, 300_000), foreign: foreign() }
      lines.echoLine(sheet, session, random, { response: echoed, output, toolUseId: call.toolUseId, ...text })
    }
    while (left() > 2000 && random.chance(shape.progress / (1 + shape.progress))) {
      const text = { size: size(350, 1.6, 200_000), foreign: foreign() }
      lines.progressLine(sheet, session, random, { toolUseId: call.toolUseId, ...text })
    }
    if (left() < 1500 || !random.chance(shape.toolResults)) return
    const agentTokens = echoed !== undefined && random.chance(0.3) ? echoed.tokens : undefined
    const text = { size: size(1500, 1.93, 1_900_000), foreign: foreign() }
    lines.toolResultLine(sheet, session, random, { ...call, ...text, agentTokens })
  }
}

/**
 * The next response, whose prompt is the context so far, mostly read from the cache.
 * @param {import('./session.js').Session} session @param {import('./random.js').Random} random @returns {Response}
 */
export function respond(session, random) {
  if (session.contextTokens > 180_000) session.contextTokens = random.between(15_000, 30_000)
  const written = random.skewed(1200, 1.2, 60_000)
  const longLived = session.agentId === undefined && session.usageShape !== 'unsplit'
  const tokens = {
    input: random.chance(0.9) ? random.between(1, 10) : random.skewed(300, 1.2, 20_000),
    output: Math.max(1, random.skewed(160, 1.4, 32_000)),
    read: session.contextTokens,
    write5m: longLived ? 0 : written,
    write1h: longLived ? written : 0,
  }
  session.contextTokens += written
  const id = session.ownIds ? `2026${random.hex(28)}` : `msg_01${random.token(22)}`
  const requestId = session.withRequestId ? `req_011C${random.token(20)}` : undefined
  const early = Math.min(tokens.output, random.between(1, 8))
  return { id, requestId, model: random.pick(session.models), tokens, early, stray: false }
}

/**
 * Output tokens on each line of a response.
 * @param {import('./session.js').Session} session @param {Response} response @param {number} count @returns {number[]}
 */
function outputs(session, { early, tokens }, count) {
  if (session.output === 'placeholder') return Array(count).fill(early)
  if (session.output === 'final') return Array(count).fill(tokens.output)
  return [...Array(count - 1).fill(early), tokens.output]
}
