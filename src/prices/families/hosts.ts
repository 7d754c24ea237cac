// Steps for the names on platforms that sell models of several vendors (claude-code-logs 5.8). Families include these
// steps among their own.
import type { NameStep } from '../../core/pricing/models.js'

/** An ARN up to its resource; captures the service. */
const ARN = /^(?:.*\/)?arn:[^:/]*:([^:/]+):[^:/]*:[^:/]*:/is
/** A resource name of Google's Vertex AI up to the resource. */
const VERTEX = /^(?:.*\/)?projects\/[^/]+\/locations\/[^/]+\//is

/**
 * ARNs of Bedrock's own inference profiles and models end in the model's id. A prefix does not change who sells the
 * model.
 */
export const RESOURCES: readonly NameStep[] = [
  { pattern: /^(?:.*\/)?arn:aws[a-z-]*:bedrock:[a-z0-9-]*:\d*:inference-profile\//, becomes: '' },
  { pattern: /^(?:.*\/)?arn:aws[a-z-]*:bedrock:[a-z0-9-]*:\d*:foundation-model\//, becomes: '', means: 'regional' },
  { pattern: ARN, becomes: '$1-' },
  { pattern: VERTEX, becomes: 'vertex-' },
]

/** Only paths known to be sold at list price. Any other path can mean a reseller's price or another model. */
export const PATHS: readonly NameStep[] = [
  // LiteLLM adds the AWS region to the path: bedrock/us-east-1/anthropic.claude-…
  { pattern: /^bedrock\/[a-z]{2}(?:-gov)?-[a-z]+-\d\//, becomes: '', means: 'regional' },
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
]

/** Any path before the name of a model, whoever sells it (codex-logs 5.4). */
export const ANY_PATH: NameStep = { pattern: /^.*\//, becomes: '' }

/** Bedrock's regions; `global.` is not one (claude-code-logs 5.5). */
export const REGIONS: readonly NameStep[] = [
  { pattern: /^(?:us|eu|apac|jp|au|us-gov)\./, becomes: '', means: 'regional' },
  { pattern: /^global\./, becomes: '' },
]

/**
 * The name of a cloud resource without region and account:
 * `arn:aws:bedrock:eu-west-2:123456789012:application-inference-profile/46u2` as
 * `bedrock-application-inference-profile/46u2`, `projects/123456789012/locations/us-central1/endpoints/98765` as
 * `vertex-endpoints/98765`.
 */
export function withoutAccount(raw: string): string {
  return raw.trim().replace(ARN, '$1-').replace(VERTEX, 'vertex-')
}
