// Resolves raw model names to names of the price table: by exact comparison after the steps of a family of models,
// never by prefix or substring, because some names are prefixes of models at three times the price
// (claude-code-logs 5.8, codex-logs 5.4).
import { MODIFIER, type ModifierName } from '../ledger/modifiers.js'

/** Removes or rewrites one part of a name. The first step whose pattern matches is taken. */
export interface NameStep {
  readonly pattern: RegExp
  readonly becomes: string
  readonly means?: ModifierName
}

/** Models whose names are normalised by the same steps. */
export interface NameFamily {
  /** Whether a model of the price table belongs to it. */
  readonly has: (canonical: string) => boolean
  /** No sequence of steps may lead back to the same name. */
  readonly steps: readonly NameStep[]
}

export interface NameRules {
  /** Tried in this order. */
  readonly families: readonly NameFamily[]
  /** The displayed form of a name that resolves to no model. Aliases may use this form, too. */
  readonly shown: (raw: string) => string
}

/**
 * The meaning of a raw model name: a model of the price table, and modifiers that some platforms include in the name.
 */
export interface ModelName {
  /** The name in the price table; undefined if no step leads to one, which leaves the model unpriced. */
  readonly canonical: string | undefined
  /** Bits of `MODIFIER`. */
  readonly modifiers: number
}

/** Longer names are only looked up as written, because gateways may write anything here. */
const MAX_NAME_LENGTH = 200
const MAX_REMEMBERED = 1000
const UNKNOWN: ModelName = { canonical: undefined, modifiers: 0 }

/**
 * Returns a function that resolves raw names. It is memoised, so it may be called for each response.
 *
 * A model or alias with exactly this name wins over any steps (`grok-code-fast` can be a model of its own). Case
 * matters only if two names differ in nothing else. A model wins over an alias of the same name. An alias must point to
 * a known name, and is followed once.
 */
export function createModelResolver(
  known: Iterable<string>,
  aliases: ReadonlyMap<string, string>,
  rules: NameRules,
): (raw: string) => ModelName {
  const names = exactNames([...known], new Map([...aliases].map(([alias, target]) => [alias.normalize('NFC'), target])))
  const remembered = new Map<string, ModelName>()
  return (raw) => {
    const before = remembered.get(raw)
    if (before !== undefined) return before
    const name = resolve(raw.trim().normalize('NFC'), names, rules)
    if (raw.length <= MAX_NAME_LENGTH) {
      if (remembered.size >= MAX_REMEMBERED) remembered.clear()
      remembered.set(raw, name)
    }
    return name
  }
}

function resolve(trimmed: string, names: ReadonlyMap<string, string>, { families, shown }: NameRules): ModelName {
  const exact = names.get(trimmed) ?? names.get(shown(trimmed))
  if (exact !== undefined) return { canonical: exact, modifiers: 0 }
  if (trimmed.length > MAX_NAME_LENGTH) return UNKNOWN
  for (const family of families) {
    const found = takeApart(trimmed.toLowerCase(), names, family.steps)
    if (found.canonical !== undefined && family.has(found.canonical)) return found
  }
  return UNKNOWN
}

/** Applies steps until the name is known, in whichever family, or no step matches. */
function takeApart(name: string, names: ReadonlyMap<string, string>, steps: readonly NameStep[]): ModelName {
  let modifiers = 0
  for (let current = name; ;) {
    const canonical = names.get(current)
    if (canonical !== undefined) return { canonical, modifiers }
    const step = steps.find(({ pattern }) => current.search(pattern) >= 0)
    if (step === undefined) return UNKNOWN
    if (step.means !== undefined) modifiers |= MODIFIER[step.means]
    current = current.replace(step.pattern, step.becomes)
  }
}

/** Later entries win: names as written over lower-case ones, and models over aliases. */
function exactNames(known: readonly string[], aliases: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const [alias, target] of aliases) names.set(alias.toLowerCase(), target)
  for (const name of known) names.set(name.toLowerCase(), name)
  for (const [alias, target] of aliases) names.set(alias, target)
  for (const name of known) names.set(name, name)
  return names
}
