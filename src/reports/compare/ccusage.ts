// Reads the output of `ccusage daily --json` in its three forms: for all agents (`period`, `modelBreakdowns`), for one
// agent (`date`), and for one agent with a map of models and one cost per day.
import { z } from 'zod'
import { validationMessage } from '../../config/validation-message.js'
import { NANOS_PER_USD } from '../../core/pricing/nano-dollars.js'
import type { Told } from '../../core/report/comparison.js'
import type { ReadTold } from './told.js'

const COUNT = 'expected a number of at least 0'
const count = z.number(COUNT).min(0, COUNT)
const DATE = 'expected a date such as 2026-11-22'
const day = z.iso.date(DATE)
const TEXT = 'expected a text'
const text = z.string(TEXT)
const USD = 'expected a number of US dollars'
const usd = z.number(USD)
const list = <T extends z.ZodType>(items: T) => z.array(items, 'expected a list')
const object = <T extends z.ZodRawShape>(shape: T) => z.object(shape, 'expected an object')
const counts = { inputTokens: count, outputTokens: count, cacheCreationTokens: count, cacheReadTokens: count }
const File = object({
  daily: list(
    object({
      period: day.optional(),
      date: day.optional(),
      metadata: object({ agents: list(text).optional() }).optional(),
      // `cost` is absent if the user did not ask for costs.
      modelBreakdowns: list(object({ ...counts, modelName: text, cost: usd.optional() })).optional(),
      models: z.record(z.string(), object(counts), 'expected an object').optional(),
      costUSD: usd.optional(),
    })
      .refine(({ period, date }) => (period ?? date) !== undefined, 'expected a date, as "date" or "period"')
      .refine(
        ({ modelBreakdowns, models }) => (modelBreakdowns ?? models) !== undefined,
        'expected "modelBreakdowns" or "models"',
      ),
  ),
})
type Counts = z.infer<z.ZodObject<typeof counts>>

/** More than the rounding error of its sums of fractions. */
const ROUNDING_NANOS = 1_000
/** The form `[agent] model` of some models' names. */
const NAMED = /^\[([\w-]+)\] (.*)$/

export const readCcusage: ReadTold = (text) => {
  if (!/^\s*[[{]/.test(text)) return undefined
  const json = jsonOf(text)
  if (!('daily' in json)) throw new Error(`JSON without "daily"${keysOf(json)}`)
  const read = File.safeParse(json)
  if (!read.success) {
    throw new Error(validationMessage(read.error.issues[0]!, json))
  }
  const agents = new Set<string>()
  const labelOf = (name: string): string => {
    const [, agent, model] = NAMED.exec(name) ?? []
    if (agent !== undefined) agents.add(agent)
    return model ?? name
  }
  const told = read.data.daily.flatMap(
    ({ period, date, metadata, modelBreakdowns = [], models = {}, costUSD }): Told[] => {
      for (const agent of metadata?.agents ?? []) agents.add(agent)
      const day = (period ?? date)!
      const common = { day, roundingNanos: ROUNDING_NANOS }
      return [
        ...modelBreakdowns.map((each) => ({
          ...common,
          model: labelOf(each.modelName),
          amounts: { ...amountsOf(each), ...(each.cost !== undefined && { nanos: nanosOf(each.cost) }) },
        })),
        ...Object.entries(models).map(([name, each]) => ({
          ...common,
          model: labelOf(name),
          amounts: amountsOf(each),
        })),
        ...(costUSD === undefined ? [] : [{ ...common, model: undefined, amounts: { nanos: nanosOf(costUSD) } }]),
      ]
    },
  )
  return { told, agents: [...agents], timeZone: undefined }
}

/** @param text begins like a list or an object */
function jsonOf(text: string): object {
  try {
    return JSON.parse(text) as object
  } catch (error) {
    // The message may quote lines of the file.
    const reason = (error as Error).message.replace(/\s+/g, ' ')
    throw new Error(`invalid or incomplete JSON: ${reason}`, { cause: error })
  }
}

/** The first few keys, for a message: `monthly` shows that it is another report. */
function keysOf(json: object): string {
  const keys = Array.isArray(json) ? [] : Object.keys(json).slice(0, 3)
  return keys.length === 0 ? '' : `, but with ${keys.map((key) => JSON.stringify(key.slice(0, 20))).join(', ')}`
}

function amountsOf(each: Counts): Told['amounts'] {
  return {
    input: each.inputTokens,
    output: each.outputTokens,
    cacheWrite: each.cacheCreationTokens,
    cacheRead: each.cacheReadTokens,
  }
}

const nanosOf = (usd: number): number => Math.round(usd * NANOS_PER_USD)
