// Translates GitHub's names of models (other-agents 5.2).

/**
 * GitHub writes Anthropic's claude-opus-4-6 as `claude-opus-4.6`, and may append the size of the context window:
 * `claude-opus-4.6-1m-internal`.
 */
export function modelName(logged: string): string {
  const name = logged.trim().replace(/-1m(?:-internal)?$/, '')
  return name.startsWith('claude-') ? name.replaceAll('.', '-') : name
}
