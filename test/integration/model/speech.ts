// Responses of a model run: tame ones, which need no correction in whatever order they are read, or hostile ones. A response
// is its lines in the order in which they are written; a run may write them several passes apart.
import { hostileResponse } from '../../support/hostile-response.js'
import { randomStyle, render } from '../../support/json-style.js'
import { assistant, type Fields } from '../../support/line.js'
import type { Random } from '../../support/random.js'

export interface Speaker {
  readonly session: string
  readonly cwd: string | undefined
}

export type Voice = 'tame' | 'hostile'

const MODELS = ['claude-opus-4-8', 'claude-sonnet-5', 'claude-haiku-5-5', 'claude-fable-5', 'glm-4.7']
const DIRT = ['\n', '\r\n', '\0\0\0\n', '{bad\n', '{"type":"summary"}\n', 'not json "usage" "assistant"\n']

/** The lines of one response, each with its line feed. */
export function response(random: Random, voice: Voice, speaker: Speaker): Buffer[] {
  const values = voice === 'tame' ? tameResponse(random, speaker) : hostileLines(random, speaker)
  return values.map((value) => written(random, value))
}

/** A value in the style of a random writer, with its line feed. */
export function written(random: Random, value: unknown): Buffer {
  return Buffer.from(`${render(value, randomStyle(random), random)}\n`)
}

/** What a crash leaves between good lines; ends with a line feed. */
export function dirt(random: Random): Buffer {
  return Buffer.from(random.pick(DIRT))
}

function hostileLines(random: Random, { session, cwd }: Speaker): Fields[] {
  const { lines, results } = hostileResponse(random, { sessionId: session, cwd })
  return [...lines, ...results]
}

/** Snapshots in which only the output grows, under a random kind of key that does not depend on the place. */
function tameResponse(random: Random, { session, cwd }: Speaker): Fields[] {
  const names = random.pick([
    `${random.fresh('msg_')}/${random.fresh('req_')}`,
    random.fresh('msg_'),
    `${random.fresh('resp-')}/${random.fresh('req_')}`,
    random.fresh('resp-'),
    '-',
  ])
  const model = random.pick(MODELS)
  const prompt = [random.int(2000), random.int(3000), random.int(3000), random.int(90_000)] as const
  const outputs = Array.from({ length: 1 + random.int(4) }, () => 1 + random.int(900)).sort((a, b) => a - b)
  const timestamp = new Date(Date.parse('2026-11-01T08:00:00Z') + random.int(36e5)).toISOString()
  const uuid = names === '-' ? random.fresh('u-') : undefined
  return outputs.map((output) => {
    const counts = [prompt[0], output, ...prompt.slice(1)].join('/')
    const line = { sessionId: session, cwd, timestamp, uuid: uuid ?? random.fresh('u-') }
    return assistant(`${names} ${model} ${counts}`, { line })
  })
}
