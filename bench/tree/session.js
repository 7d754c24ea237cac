// A generated session: its time, version, models and style, chosen once and used for all of its lines.

/**
 * @typedef {object} Session
 * @property {import('./places.js').Folder} project
 * @property {string} id
 * @property {string} version
 * @property {string} branch
 * @property {string} nickname      the `slug` field of lines, not the folder
 * @property {[string, ...string[]]} models
 * @property {string | undefined} agentId  set in sub-agent files, whose lines are sidechain lines
 * @property {'older' | 'newer'} keyOrder
 * @property {'plain' | 'geo' | 'full' | 'unsplit'} usageShape
 * @property {'placeholder' | 'growing' | 'final'} output  output tokens on the lines of one response
 * @property {boolean} withRequestId
 * @property {boolean} ownIds       ids of a gateway, which are unique only within a session
 * @property {number} clockMs        time of the latest line
 * @property {string | undefined} lastUuid  of the latest line, the parent of the next
 * @property {number} contextTokens    length of the next prompt
 */

const dayMs = 86_400_000
const firstDay = Date.UTC(2026, 0, 5)

/** Models of each era. */
const mainModels = /** @type {const} */ ([
  ['claude-opus-4-5-20251101', 'claude-opus-4-5-20251101', 'claude-sonnet-4-5-20250929'],
  ['claude-opus-4-6', 'claude-opus-4-6', 'claude-sonnet-4-6'],
  ['claude-opus-4-7', 'claude-opus-4-8', 'claude-sonnet-4-6'],
  ['claude-fable-5', 'claude-opus-5', 'claude-sonnet-5'],
  ['claude-fable-5-1', 'claude-opus-5-5', 'claude-sonnet-5-5'],
])

/**
 * @typedef {object} Era
 * @property {number} untilDay
 * @property {[number, number]} minor
 * @property {Session['keyOrder']} order
 * @property {Session['output'][]} outputs
 * @property {Session['usageShape'][]} shapes
 * @property {readonly string[]} models
 */
// Versions, and which lines have the final output: none from 2.1.10 to 2.1.29, few up to 2.1.59, then the last line, and every line from
// 2.1.200 on.
/** @type {Era[]} */
const eras = [
  { untilDay: 40, minor: [10, 29], order: 'older', outputs: ['placeholder'], shapes: ['plain'], models: mainModels[0] },
  {
    untilDay: 95,
    minor: [30, 59],
    order: 'older',
    outputs: ['placeholder', 'growing'],
    shapes: ['plain', 'plain', 'geo'],
    models: mainModels[1],
  },
  {
    untilDay: 170,
    minor: [60, 160],
    order: 'newer',
    outputs: ['growing'],
    shapes: ['geo', 'full'],
    models: mainModels[2],
  },
  { untilDay: 240, minor: [200, 245], order: 'newer', outputs: ['final'], shapes: ['full'], models: mainModels[3] },
  { untilDay: 316, minor: [250, 295], order: 'newer', outputs: ['final'], shapes: ['full'], models: mainModels[4] },
]
/** @type {readonly string[]} */
export const allModels = [...new Set(mainModels.flat())]
const nicknames = ['wondrous-snuggling-aho', 'scalable-crunching-frog', 'vivid-greeting-harp', 'calm-humming-otter']

/**
 * `disputed: false`: every response has a request id, and no gateway is used.
 * @param {import('./places.js').Folder} project @param {import('./random.js').Random} random @returns {Session}
 */
export function createSession(project, random, { disputed = true } = {}) {
  const day = random.unit() * 315
  const era = /** @type {Era} */ (eras.find((candidate) => day < candidate.untilDay))
  const foreign = random.chance(0.004) && disputed
  const main = random.pick(era.models)
  return {
    project,
    id: random.uuid(),
    version: `2.1.${random.between(era.minor[0], era.minor[1])}`,
    branch: random.pick(['main', 'main', 'develop', 'fix/parser-crash', 'feature/new-table']),
    nickname: random.pick(nicknames),
    models: foreign ? ['glm-4.7'] : [main, main, main, main, random.pick(era.models)],
    agentId: undefined,
    keyOrder: era.order,
    usageShape: foreign ? 'unsplit' : random.pick(era.shapes),
    output: random.pick(era.outputs),
    withRequestId: !foreign && !(random.chance(0.012) && disputed),
    ownIds: foreign,
    clockMs: Math.floor(firstDay + day * dayMs),
    lastUuid: undefined,
    contextTokens: 0,
  }
}

/**
 * A sub-agent of `parent`: lines of the same session in a file of its own.
 * @param {Session} parent @param {import('./random.js').Random} random @returns {Session}
 */
export function createAgent(parent, random) {
  return {
    ...parent,
    agentId: `a${random.hex(16)}`,
    models: parent.ownIds ? parent.models : [random.chance(0.6) ? 'claude-haiku-4-5-20251001' : parent.models[0]],
    // Sub-agents write the early snapshots of a stream in every version.
    output: parent.output === 'final' ? 'growing' : parent.output,
    clockMs: parent.clockMs + random.between(20_000, 2_000_000),
    lastUuid: undefined,
  }
}
