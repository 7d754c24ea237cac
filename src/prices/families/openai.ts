// OpenAI: an exact name, optionally after a provider's path and before a date (codex-logs 5.4). Never a prefix:
// `gpt-5.3-codex` has a price, `gpt-5.3-codex-spark` has none.
import { AS_INPUT, type ModelFamily } from './family.js'
import { ANY_PATH } from './hosts.js'

const steps = [ANY_PATH, { pattern: /-\d{4}-\d{2}-\d{2}$/, becomes: '' }]

/** From GPT-5.6 on, a cache write costs 1.25 times the input rate; before, it costs the input rate (codex-logs 5.1). */
const chargesWrites: ModelFamily = {
  has: (canonical) => /^gpt-(?:5\.(?:[6-9]|\d\d)|[6-9]|1\d)(?!\d)/.test(canonical),
  steps,
  missingRates: { ...AS_INPUT, cache_write_5m: 1.25, cache_write_1h: 1.25 },
}

const older: ModelFamily = {
  has: (canonical) => /^(?:gpt-|codex-|o\d)/.test(canonical) && !chargesWrites.has(canonical),
  steps,
  missingRates: AS_INPUT,
}

export const openai: readonly ModelFamily[] = [chargesWrites, older]
