// The names of one model (claude-code-logs 5.8), compared exactly after fixed steps, never by prefix.

export interface ModelName {
  readonly canonical: string
  /** Whether the name itself means fast mode (`…-fast`). */
  readonly fast: boolean
}

const PROVIDER = /^(?:openrouter\/)?(?:anthropic|vertex_ai|bedrock|google|openrouter|aws|azure|azure_ai)\//
const VENDOR = /^(?:(?:us|eu|apac|jp|au|global|us-gov)\.)?anthropic\.|^(?:us|eu|apac|jp|au|global|us-gov)\./
const TAIL = /(?:-v\d+(?::\d+){0,2}k?|@.*|:thinking.*|-thinking|-latest)$/

/** The known model with the name `raw`, or undefined. */
export function resolveModel(raw: string, known: readonly string[]): ModelName | undefined {
  if (known.includes(raw)) return { canonical: raw, fast: false }
  let name = resource(raw.toLowerCase()).replace(/\[[^[\]]*\]$/, '')
  let fast = false
  for (let before = ''; before !== name;) {
    before = name
    name = name
      .replace(PROVIDER, '')
      .replace(VENDOR, '')
      .replace(TAIL, '')
      .replace(/-\d{8}$/, '')
    if (name.endsWith('-fast')) {
      fast = true
      name = name.slice(0, -'-fast'.length)
    }
  }
  name = name.replace(/(?<=\d)\.(?=\d)/g, '-').replace(/^anthropic--/, '')
  const canonical = [name, familyFirst(name), familyLast(name), name.replace(/-0$/, '')].find((one) =>
    known.includes(one),
  )
  return canonical === undefined ? undefined : { canonical, fast }
}

/** `claude-4-5-sonnet` → `claude-sonnet-4-5`. */
function familyFirst(name: string): string {
  return name.replace(/^claude-([\d-]+)-([a-z]+)$/, 'claude-$2-$1')
}

/** `claude-sonnet-3-5` → `claude-3-5-sonnet`. */
function familyLast(name: string): string {
  return name.replace(/^claude-([a-z]+)-([\d-]+)$/, 'claude-$2-$1')
}

/** `arn:…:inference-profile/us.anthropic.claude-…` ends with the id of a model. */
function resource(name: string): string {
  const arn = name.slice(name.indexOf('arn:aws'))
  const kind = arn.split(':')[5]?.split('/')[0]
  return arn.startsWith('arn:aws') && (kind === 'inference-profile' || kind === 'foundation-model')
    ? arn.slice(arn.indexOf(`${kind}/`) + kind.length + 1)
    : name
}

/** The parts of an unknown model's ARN that do not name an account. */
export function withoutAccount(raw: string): string {
  const [, , service, , , ...rest] = raw.slice(Math.max(0, raw.indexOf('arn:'))).split(':')
  return raw.includes('arn:aws') && rest.length > 0 ? `${service!}-${rest.join(':')}` : raw
}
