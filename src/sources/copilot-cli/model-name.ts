// Names of models as GitHub writes them (other-agents 5.2).

/** Anthropic's claude-opus-4-6 is `claude-opus-4.6`, or ends in the size of its context window: `claude-opus-4.6-1m-internal`. */
export function modelName(logged: string): string {
  const name = logged.trim().replace(/-1m(?:-internal)?$/, '')
  return name.startsWith('claude-') ? name.replaceAll('.', '-') : name
}
