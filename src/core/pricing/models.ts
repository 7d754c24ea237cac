// Raw model names → the names of the price table, by the exact steps of claude-code-logs 5.8.
// Never by prefix or substring: `claude-opus-4` begins `claude-opus-4-5` and costs three times as much.

/** What a raw model name says: whose price it has, and two modifiers that some platforms write into the name. */
export interface ModelName {
  /** The name in the price table; undefined when no step leads to one, so that the model is unpriced. */
  readonly canonical: string | undefined
  /** The name ends in `-fast`: fast mode, told by the name instead of `usage.speed` (claude-code-logs 5.4). */
  readonly fast: boolean
  /** A regional endpoint of Bedrock or Vertex; `global.` is not one (claude-code-logs 5.5). */
  readonly regional: boolean
}

/** Longer names are looked up as they are, never taken apart: gateways may write anything here. */
const MAX_NAME_LENGTH = 200
const MAX_REMEMBERED = 1000

/**
 * Makes the function that resolves raw names. It is memoised, so that it can be asked once per response.
 *
 * Exact names come first, so a model or alias in the table always wins over taking its name apart
 * (`grok-code-fast` can be a model of its own). Case matters only where two names differ in nothing else.
 * A model wins over an alias of the same name. An alias must point at a known name; it is followed once.
 */
export function createModelResolver(
  known: Iterable<string>,
  aliases: ReadonlyMap<string, string>,
): (raw: string) => ModelName {
  const names = exactNames([...known], new Map([...aliases].map(([alias, target]) => [alias.normalize('NFC'), target])))
  const remembered = new Map<string, ModelName>()
  return (raw) => {
    const before = remembered.get(raw)
    if (before !== undefined) return before
    const name = resolve(raw.trim().normalize('NFC'), names)
    if (raw.length <= MAX_NAME_LENGTH) {
      if (remembered.size >= MAX_REMEMBERED) remembered.clear()
      remembered.set(raw, name)
    }
    return name
  }
}

interface Step {
  readonly pattern: RegExp
  readonly becomes: string
  readonly means?: 'fast' | 'regional'
}

/** Service of an ARN, and all that stands before its resource. */
const ARN = /^(?:.*\/)?arn:[^:/]*:([^:/]+):[^:/]*:[^:/]*:/is

/**
 * The first step that changes the name is taken, then all are tried again from the top, until none changes it.
 * Every step but the last two shortens the name, and those two cannot match their own result: the walk ends.
 */
const STEPS: readonly Step[] = [
  // ARNs of Bedrock's own inference profiles and models end in the model's id. Whatever stands before, AWS sells it.
  { pattern: /^(?:.*\/)?arn:aws[a-z-]*:bedrock:[a-z0-9-]*:\d*:inference-profile\//, becomes: '' },
  { pattern: /^(?:.*\/)?arn:aws[a-z-]*:bedrock:[a-z0-9-]*:\d*:foundation-model\//, becomes: '', means: 'regional' },
  { pattern: ARN, becomes: '$1-' },
  { pattern: /\[[^[\]]*\]$/, becomes: '' }, // `[1m]`, the client's alias for the long context
  // LiteLLM writes the AWS region as a folder: bedrock/us-east-1/anthropic.claude-…
  { pattern: /^bedrock\/[a-z]{2}(?:-gov)?-[a-z]+-\d\//, becomes: '', means: 'regional' },
  // Only paths known to sell at list price: behind any other folder stands a reseller or another model.
  {
    pattern:
      /^(?:anthropic|openrouter|vertex_ai|vertex|google-vertex|bedrock|amazon-bedrock|bedrock_converse|converse|invoke)\//,
    becomes: '',
  },
  {
    pattern:
      /^(?:azure_ai|azure|github_copilot|github-copilot|litellm|litellm_proxy|vercel|vercel_ai_gateway|claude-code)\//,
    becomes: '',
  },
  { pattern: /^(?:us|eu|apac|jp|au|us-gov)\./, becomes: '', means: 'regional' },
  { pattern: /^(?:global\.|anthropic\.|anthropic--)/, becomes: '' },
  { pattern: /@.*$/, becomes: '' }, // Vertex: claude-opus-4-5@20251101
  { pattern: /:thinking.*$/, becomes: '' },
  { pattern: /-v\d+(?::\d+(?::\d+[km])?)?$/, becomes: '' }, // Bedrock: …-v1:0, …-v1:0:200k
  { pattern: /-thinking$/, becomes: '' },
  { pattern: /-latest$/, becomes: '' },
  { pattern: /-fast$/, becomes: '', means: 'fast' },
  { pattern: /-\d{8}$/, becomes: '' },
  { pattern: /(\d)\.(?=\d)/g, becomes: '$1-' }, // claude-opus-4.5
  { pattern: /^claude-(\d+(?:-\d{1,2})?)-([a-z]+)$/, becomes: 'claude-$2-$1' }, // claude-4-5-sonnet
]

function resolve(trimmed: string, names: ReadonlyMap<string, string>): ModelName {
  let fast = false
  let regional = false
  const exact = names.get(trimmed)
  if (exact !== undefined) return { canonical: exact, fast, regional }
  if (trimmed.length > MAX_NAME_LENGTH) return { canonical: undefined, fast, regional }

  let name: string | undefined = trimmed.toLowerCase()
  while (name !== undefined) {
    const canonical = names.get(name)
    if (canonical !== undefined) return { canonical, fast, regional }
    const current: string = name
    const step = STEPS.find(({ pattern }) => current.search(pattern) >= 0)
    if (step?.means === 'fast') fast = true
    if (step?.means === 'regional') regional = true
    name = step && current.replace(step.pattern, step.becomes)
  }
  return { canonical: undefined, fast, regional }
}

/** Later entries win: names as they are written over lower-case ones, and models over aliases. */
function exactNames(known: readonly string[], aliases: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const [alias, target] of aliases) names.set(alias.toLowerCase(), target)
  for (const name of known) names.set(name.toLowerCase(), name)
  for (const [alias, target] of aliases) names.set(alias, target)
  for (const name of known) names.set(name, name)
  return names
}

/**
 * How a name that leads nowhere is shown; an alias may name it so, too. An ARN is shown without region and account number:
 * `arn:aws:bedrock:eu-west-2:123456789012:application-inference-profile/46u2` as `bedrock-application-inference-profile/46u2`.
 */
export function shownName(raw: string): string {
  return raw.trim().replace(ARN, '$1-')
}
