// Price files → the table that core/pricing.ts prices with: the built-in prices.json, and the user's file over it.
// Promises that a user file is either taken whole or refused with the place and the value. The built-in file is
// trusted at start (a test reads it with the same rules), so that starting does not wait for the validator.
import { NANOS_PER_USD } from '../core/pricing/nano-dollars.js'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { z as Zod } from 'zod'
import { validationMessage } from '../config/validation-message.js'
import { isLabel } from '../core/labels/label.js'
import {
  priceFingerprint,
  type ModelPrice,
  type PriceRow,
  type PriceTable,
  type Rates,
} from '../core/pricing/pricing.js'

/** USD per million tokens, 0 … 1,000,000. What is left out costs what Claude's ratios make of `input`. */
export interface RatesEntry {
  readonly input: number
  readonly output: number
  /** Default: 0.1 × input. */
  readonly cache_read?: number
  /** Default: 1.25 × input. */
  readonly cache_write_5m?: number
  /** Default: 2 × input. */
  readonly cache_write_1h?: number
}

export interface PriceEntry extends RatesEntry {
  /** UTC day, `YYYY-MM-DD`. Optional in the first row, which also prices whatever is older than itself. */
  readonly from?: string
  /** Rates for all tokens of a response whose prompt is longer than `above_tokens`. */
  readonly long?: RatesEntry & { readonly above_tokens: number }
}

export interface ModelEntry {
  readonly source?: string
  readonly remark?: string
  /** For `inference_geo: us`. Default 1. */
  readonly us_factor?: number
  /** For fast mode. Default 1: no fast price is known, and fast responses are flagged. */
  readonly fast_factor?: number
  /** In the order of their dates. */
  readonly prices: readonly PriceEntry[]
}

/**
 * A file of prices. The built-in one and the user's have the same form:
 *
 * ```yaml
 * models:
 *   glm-4.7:                       # adds a model; a model that is built in is replaced as a whole
 *     prices:
 *       - { input: 0.6, output: 2.2, cache_read: 0.11, cache_write_5m: 0, cache_write_1h: 0 }
 *       - { from: 2026-12-01, input: 0.5, output: 2, cache_read: 0.1, cache_write_5m: 0, cache_write_1h: 0 }
 * aliases:
 *   z-ai/glm-4.7: glm-4.7          # the name in the log: the model whose price it has
 * regional_factor: 1.1             # regional endpoints of Bedrock and Vertex; default 1
 * ```
 *
 * Prices are in USD per million tokens. Append a dated row when a price changes: editing one reprices the past.
 * Cache rates that are left out are taken by Claude's ratios: read 0.1, 5m write 1.25, 1h write 2 times `input`.
 */
export interface PriceFile {
  /** USD per web search; default 0.01. */
  readonly web_search_usd?: number
  /** For `service_tier: batch`; default 0.5. */
  readonly batch_factor?: number
  /** For model names with a region; default 1 (claude-code-logs 5.5: published figures disagree). */
  readonly regional_factor?: number
  readonly models?: Readonly<Record<string, ModelEntry>>
  readonly aliases?: Readonly<Record<string, string>>
}

export function loadBuiltInPrices(): PriceFile {
  return JSON.parse(readFileSync(new URL('./prices.json', import.meta.url), 'utf8')) as PriceFile
}

/**
 * Reads a user's file: JSON if its name ends in `.json`, else YAML. Aliases may point at models of `builtIn`.
 *
 * @throws Error naming the file, each place (`models.glm-4.7.prices[0].input`) and the value found there, for
 * unreadable files, unknown keys, wrong types, rates below 0 or above $1 per token, bad, unsorted or repeated
 * dates, and aliases that point at no model or hide one.
 */
export async function readPriceFile(path: string, builtIn: PriceFile = loadBuiltInPrices()): Promise<PriceFile> {
  // Loaded here and not above: most users have no price file, and these two take longer than the rest of the start.
  const [{ parse: parseYaml }, { z }] = await Promise.all([import('yaml'), import('zod')])
  let content: unknown
  try {
    const text = await readFile(path, 'utf8')
    content = path.toLowerCase().endsWith('.json') ? (JSON.parse(text) as unknown) : (parseYaml(text) as unknown)
  } catch (cause) {
    throw new Error(`prices file ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
  const result = priceFileSchema(z, builtIn).safeParse(content)
  if (result.success) return result.data
  const complaints = result.error.issues.slice(0, 10).map((issue) => validationMessage(issue, content))
  throw new Error(`prices file ${path}: ${complaints.join('; ')}`, { cause: result.error })
}

/** `user` replaces whole models, adds models and aliases, and wins wherever both say something. */
export function buildPriceTable(builtIn: PriceFile, user: PriceFile = {}): PriceTable {
  const models = Object.entries({ ...builtIn.models, ...user.models })
  const table = {
    models: new Map(models.map(([name, entry]) => [name, modelPrice(entry)])),
    aliases: new Map(Object.entries({ ...builtIn.aliases, ...user.aliases })),
    webSearchNanos: Math.round((user.web_search_usd ?? builtIn.web_search_usd ?? 0.01) * NANOS_PER_USD),
    batchFactor: user.batch_factor ?? builtIn.batch_factor ?? 0.5,
    regionalFactor: user.regional_factor ?? builtIn.regional_factor ?? 1,
  }
  return { ...table, fingerprint: priceFingerprint(table) }
}

function modelPrice({ prices, fast_factor = 1, us_factor = 1 }: ModelEntry): ModelPrice {
  const rows = prices.map((entry, index): PriceRow => {
    const fromMs = index === 0 || entry.from === undefined ? -Infinity : Date.parse(entry.from)
    const row = { fromMs, rates: ratesOf(entry) }
    return entry.long ? { ...row, long: { aboveTokens: entry.long.above_tokens, rates: ratesOf(entry.long) } } : row
  })
  return { rows, fastFactor: fast_factor, usFactor: us_factor }
}

function ratesOf(entry: RatesEntry): Rates {
  const { input, output, cache_read = 0.1 * input, cache_write_5m = 1.25 * input, cache_write_1h = 2 * input } = entry
  return {
    input: nanosPerToken(input),
    output: nanosPerToken(output),
    cacheRead: nanosPerToken(cache_read),
    cacheWrite5m: nanosPerToken(cache_write_5m),
    cacheWrite1h: nanosPerToken(cache_write_1h),
  }
}

/** USD per million tokens × 1000, without the noise of binary fractions (0.07 × 1000 is 70.00000000000001). */
const nanosPerToken = (usdPerMillion: number): number => Math.round(usdPerMillion * NANOS_PER_USD) / 1e6

function priceFileSchema(z: typeof Zod, builtIn: PriceFile): Zod.ZodType<PriceFile> {
  const rate = z.number().min(0).max(1_000_000)
  const factor = z.number().positive().max(100)
  const rates = {
    input: rate,
    output: rate,
    cache_read: rate.exactOptional(),
    cache_write_5m: rate.exactOptional(),
    cache_write_1h: rate.exactOptional(),
  }
  const price = z.strictObject({
    ...rates,
    from: z.iso.date('expected a day as YYYY-MM-DD').exactOptional(),
    long: z.strictObject({ ...rates, above_tokens: z.int().positive() }).exactOptional(),
  })
  const model = z.strictObject({
    source: z.string().exactOptional(),
    remark: z.string().exactOptional(),
    us_factor: factor.exactOptional(),
    fast_factor: factor.exactOptional(),
    prices: z
      .array(price)
      .min(1)
      .check(({ value, issues }) => {
        for (const [index, { from }] of value.entries()) {
          const before = index === 0 ? undefined : (value[index - 1]?.from ?? '')
          if (before === undefined || (from !== undefined && from > before)) continue
          const message = from === undefined ? 'every row but the first needs a date' : `must be later than ${before}`
          issues.push({ code: 'custom', message, path: [index, 'from'], input: from })
        }
      }),
  })
  // A model's name becomes a label as it is.
  const name = z.string().refine(isLabel, 'not a model name')
  return z
    .strictObject({
      web_search_usd: z.number().min(0).max(1000).exactOptional(),
      batch_factor: factor.exactOptional(),
      regional_factor: factor.exactOptional(),
      models: z.record(name, model).exactOptional(),
      aliases: z.record(z.string().min(1), z.string()).exactOptional(),
    })
    .check(({ value, issues }) => {
      const known = new Set(Object.keys({ ...builtIn.models, ...value.models }))
      for (const [alias, target] of Object.entries(value.aliases ?? {})) {
        const path = ['aliases', alias]
        if (!known.has(target)) issues.push({ code: 'custom', message: 'no such model', path, input: target })
        // The model would win, so the alias would do nothing, silently.
        else if (known.has(alias)) issues.push({ code: 'custom', message: 'is itself a model', path, input: target })
      }
    })
}
