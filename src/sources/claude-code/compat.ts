// The metrics of Claude Code's own telemetry that logs provide exactly. Their Prometheus names are those of OTLP
// receivers; Claude Code's own scrape endpoint omits the units.
import type { CompatCounter, CompatSample } from '../../core/totals/compat.js'

const TYPES: Readonly<Record<string, CompatSample['measures']>> = {
  input: ['input'],
  output: ['output'],
  cacheRead: ['cacheRead'],
  cacheCreation: ['cacheWrite5m', 'cacheWrite1h'],
}

export const compat: readonly CompatCounter[] = [
  {
    name: 'claude_code_token_usage_tokens_total',
    help: 'agent_usage_tokens_total under the name that Claude Code uses. The type cacheCreation covers all cache writes.',
    otlp: { name: 'claude_code.token.usage', unit: 'tokens' },
    labels: ['type', 'model', 'git_repo'],
    samplesOf: ({ model, project }) =>
      Object.entries(TYPES).map(([type, measures]) => ({ labels: { type, model, git_repo: project }, measures })),
  },
  {
    name: 'claude_code_cost_usage_USD_total',
    help: 'agent_usage_cost_usd_total under the name that Claude Code uses.',
    otlp: { name: 'claude_code.cost.usage', unit: 'USD' },
    labels: ['model', 'git_repo'],
    samplesOf: ({ model, project }) => [{ labels: { model, git_repo: project }, measures: ['cost'] }],
  },
]
