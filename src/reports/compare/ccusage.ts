// What `ccusage` prints as JSON for days: of all agents (`period`, `modelBreakdowns`), of one (`date`), or of one whose models
// are a map and whose cost is told of the whole day.
import { z } from 'zod'
import { validationMessage } from '../../config/validation-message.js'
import { NANOS_PER_USD } from '../../core/pricing/nano-dollars.js'
import type { Told } from '../../core/report/comparison.js'
import type { ReadTold } from './told.js'

const count = z.number().min(0)
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'expected a date such as 2026-11-22')
const counts = { inputTokens: count, outputTokens: count, cacheCreationTokens: count, cacheReadTokens: count }
const File = z.object({
  daily: z.array(
    z
      .object({
        period: day.optional(),
        date: day.optional(),
        metadata: z.object({ agents: z.array(z.string()).optional() }).optional(),
        // Without costs, where these were not asked for.
        modelBreakdowns: z
          .array(z.object({ ...counts, modelName: z.string(), cost: z.number().optional() }))
          .optional(),
        models: z.record(z.string(), z.object(counts)).optional(),
        costUSD: z.number().optional(),
      })
      .refine(({ period, date }) => (period ?? date) !== undefined, 'has no date')
      .refine(({ modelBreakdowns, models }) => (modelBreakdowns ?? models) !== undefined, 'has no models'),
  ),
})
type Counts = z.infer<z.ZodObject<typeof counts>>

/** Sums of fractions are off by less. */
const ROUNDING_NANOS = 1_000
/** Some models are called `[agent] model`. */
const NAMED = /^\[([\w-]+)\] (.*)$/

export const readCcusage: ReadTold = (text, label) => {
  const json = jsonOf(text)
  if (typeof json !== 'object' || json === null || !('daily' in json)) return undefined
  const read = File.safeParse(json)
  if (!read.success) {
    throw new Error(validationMessage(read.error.issues[0]!, json))
  }
  const agents = new Set<string>()
  const labelOf = (name: string): string => {
    const [, agent, model] = NAMED.exec(name) ?? []
    if (agent !== undefined) agents.add(agent)
    return label(model ?? name)
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

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
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
