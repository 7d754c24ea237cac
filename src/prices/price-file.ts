// Reads price files: the built-in prices.json and the user's. A user's file is either accepted as a whole, or rejected
// with the place and the value of each error. The built-in file is not validated at start, which would delay it; a test
// does that.
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { z as Zod } from 'zod'
import { loadYaml } from '../config/yaml-file.js'
import { validationMessage } from '../config/validation-message.js'
import { isLabel } from '../core/labels/label.js'
import { FACTOR_NAMES, type FactorName } from '../core/ledger/modifiers.js'
import { TOKENS } from '../core/schema.js'
import type { OptionalRate } from './families/family.js'

/**
 * USD per million tokens, from 0 to 1,000,000. A missing rate is a multiple of `input`, given by the model's family.
 */
export type RatesEntry = { readonly input: number; readonly output: number } & {
  readonly [T in OptionalRate]?: number
}

/** Factors by which modifiers multiply token rates; above 0, at most 100. */
export type FactorsEntry = { readonly [F in FactorName as `${F}_factor`]?: number }

/** A row's factors take precedence over the model's, for as long as the row is valid. */
export type PriceEntry = RatesEntry &
  FactorsEntry & {
    /** UTC day, `YYYY-MM-DD`. Optional in the first row, which also applies to older responses. */
    readonly from?: string
    /** Rates for all tokens of a response whose prompt is longer than `above_tokens`. */
    readonly long?: RatesEntry & { readonly above_tokens: number }
  }

/**
 * Missing factors are those of the file, otherwise 1. For a fast mode, 1 means that no price is known, which is
 * reported.
 */
export interface ModelEntry extends FactorsEntry {
  readonly source?: string
  readonly remark?: string
  /** Sorted by date. */
  readonly prices: readonly PriceEntry[]
}

/**
 * A file of prices. The built-in one and the user's have the same form:
 *
 * ```yaml
 * models:
 *   glm-4.7:                       # adds a model, or replaces a built-in one as a whole
 *     fast_factor: 2               # default 1: no fast price is known
 *     prices:
 *       - { input: 0.6, output: 2.2, cache_read: 0.11, cache_write_5m: 0, cache_write_1h: 0 }
 *       - { from: 2026-12-01, input: 0.5, output: 2, cache_read: 0.1, cache_write_5m: 0, cache_write_1h: 0, fast_factor: 3 }
 * aliases:
 *   z-ai/glm-4.7: glm-4.7          # name in the log: model whose price applies
 * regional_factor: 1.1             # regional endpoints of Bedrock and Vertex; default 1: published figures disagree
 * batch_factor: 0.5                # default 0.5
 * web_search_usd: 0.01             # per web search; default 0.01
 * ```
 *
 * Prices are in USD per million tokens. Append a dated row when a price changes: editing one reprices the past.
 */
export interface PriceFile extends FactorsEntry {
  readonly web_search_usd?: number
  readonly models?: Readonly<Record<string, ModelEntry>>
  readonly aliases?: Readonly<Record<string, string>>
}

export function loadBuiltInPrices(): PriceFile {
  return JSON.parse(readFileSync(new URL('./prices.json', import.meta.url), 'utf8')) as PriceFile
}

/**
 * Reads a user's file: JSON if its name ends in `.json`, otherwise YAML. Aliases may point to models of `builtIn`.
 *
 * @throws Error that names the file, each place (`models.glm-4.7.prices[0].input`) and the value found there, for
 * unreadable files, unknown keys, wrong types, rates below 0 or above $1 per token, bad, unsorted or repeated
 * dates, and aliases that point to no model or have the name of one.
 */
export async function readPriceFile(path: string, builtIn: PriceFile = loadBuiltInPrices()): Promise<PriceFile> {
  // Loaded on demand: most users have no price file, and these two libraries take longer to load than the rest of the
  // program.
  const { parse: parseYaml } = loadYaml()
  const { z } = await import('zod')
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

function priceFileSchema(z: typeof Zod, builtIn: PriceFile): Zod.ZodType<PriceFile> {
  const rate = z.number().min(0).max(1_000_000)
  const factor = z.number().positive().max(100)
  const rates = {
    ...keyed(
      TOKENS.map(({ type }) => type),
      () => rate.exactOptional(),
    ),
    input: rate,
    output: rate,
  }
  const factors = keyed(
    FACTOR_NAMES.map((name) => `${name}_factor` as const),
    () => factor.exactOptional(),
  )
  const price = z.strictObject({
    ...rates,
    ...factors,
    from: z.iso.date('expected a day as YYYY-MM-DD').exactOptional(),
    long: z.strictObject({ ...rates, above_tokens: z.int().positive() }).exactOptional(),
  })
  const model = z.strictObject({
    source: z.string().exactOptional(),
    remark: z.string().exactOptional(),
    ...factors,
    prices: z
      .array(price)
      .min(1)
      .check(({ value, issues }) => {
        for (const [index, { from }] of value.entries()) {
          const before = index === 0 ? undefined : (value[index - 1]?.from ?? '')
          if (before === undefined || (from !== undefined && from > before)) continue
          const message =
            from === undefined ? 'every row except the first needs a date' : `must be later than ${before}`
          issues.push({ code: 'custom', message, path: [index, 'from'], input: from })
        }
      }),
  })
  // A model's name becomes a label unchanged.
  const name = z.string().refine(isLabel, 'not a model name')
  return z
    .strictObject({
      web_search_usd: z.number().min(0).max(1000).exactOptional(),
      ...factors,
      models: z.record(name, model).exactOptional(),
      aliases: z.record(z.string().min(1), z.string()).exactOptional(),
    })
    .check(({ value, issues }) => {
      const known = new Set(Object.keys({ ...builtIn.models, ...value.models }))
      for (const [alias, target] of Object.entries(value.aliases ?? {})) {
        const path = ['aliases', alias]
        if (!known.has(target)) issues.push({ code: 'custom', message: 'no such model', path, input: target })
        // The model would take precedence, so the alias would silently have no effect.
        else if (known.has(alias)) issues.push({ code: 'custom', message: 'is itself a model', path, input: target })
      }
    })
}

function keyed<K extends string, V>(keys: readonly K[], value: () => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, value()])) as Record<K, V>
}
