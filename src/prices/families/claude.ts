// Claude: names as written by Anthropic and by resellers (claude-code-logs 5.8), and Anthropic's cache prices (5.1).
import type { ModelFamily } from './family.js'
import { PATHS, REGIONS, RESOURCES } from './hosts.js'

export const claude: ModelFamily = {
  has: (canonical) => canonical.startsWith('claude-'),
  // Terminates: every step but the last two shortens the name, and those two cannot match their own result.
  steps: [
    ...RESOURCES,
    { pattern: /\[[^[\]]*\]$/, becomes: '' }, // `[1m]`, the client's alias for the long context
    ...PATHS,
    ...REGIONS,
    { pattern: /^(?:anthropic\.|anthropic--)/, becomes: '' },
    { pattern: /@.*$/, becomes: '' }, // Vertex: claude-opus-4-5@20251101
    { pattern: /:thinking.*$/, becomes: '' },
    { pattern: /-v\d+(?::\d+(?::\d+[km])?)?$/, becomes: '' }, // Bedrock: …-v1:0, …-v1:0:200k
    { pattern: /-thinking$/, becomes: '' },
    { pattern: /-latest$/, becomes: '' },
    // Stated in the name instead of in `usage.speed` (claude-code-logs 5.4).
    { pattern: /-fast$/, becomes: '', means: 'fast' },
    { pattern: /-\d{8}$/, becomes: '' },
    { pattern: /(\d)\.(?=\d)/g, becomes: '$1-' }, // claude-opus-4.5
    { pattern: /^claude-(\d+(?:-\d{1,2})?)-([a-z]+)$/, becomes: 'claude-$2-$1' }, // claude-4-5-sonnet
  ],
  missingRates: { cache_read: 0.1, cache_write_5m: 1.25, cache_write_1h: 2 },
}
