// Names of Claude's models, and of models that belong to no family.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MODIFIER } from '../../../src/core/ledger/modifiers.js'
import { createModelResolver } from '../../../src/core/pricing/models.js'
import type { ModelFamily } from '../../../src/prices/families/family.js'
import { NAMES, familyOf, withOthers } from '../../../src/prices/families/index.js'
import { claude } from '../../../src/prices/families/claude.js'

const resolverOf = (known: readonly string[], aliases: ReadonlyMap<string, string> = new Map()) =>
  createModelResolver(known, aliases, NAMES)

const resolve = resolverOf(
  [
    'claude-opus-4',
    'claude-opus-4-5',
    'claude-opus-4-6',
    'claude-sonnet-4-5',
    'claude-sonnet-5',
    'claude-3-5-sonnet',
    'GLM-4.7',
    'grok-code-fast',
    'mod\u00e8le',
    'gemini-2.5-pro',
  ],
  new Map([
    ['claude-opus-4-0', 'claude-opus-4'],
    ['claude-sonnet-3-5', 'claude-3-5-sonnet'],
    ['arn:aws:bedrock:eu-west-1:1:application-inference-profile/Ab1', 'claude-opus-4-5'],
    ['bedrock-application-inference-profile/Cd2', 'claude-opus-4-6'],
    ['bedrock-imported-model/Ef3', 'gemini-2.5-pro'],
    ['vertex-endpoints/98765', 'gemini-2.5-pro'],
  ]),
)

describe('claude: names that resolve to a model', () => {
  it.each([
    ['claude-opus-4-5', 'claude-opus-4-5'],
    ['  claude-opus-4-5\n', 'claude-opus-4-5'],
    ['Claude-Opus-4-5', 'claude-opus-4-5'],
    ['claude-opus-4-5[1m]', 'claude-opus-4-5'],
    ['claude-opus-4-5-20251101', 'claude-opus-4-5'],
    ['claude-opus-4-5-20251101[1m]', 'claude-opus-4-5'],
    ['claude-opus-4-5@20251101', 'claude-opus-4-5'],
    ['claude-opus-4-5@default', 'claude-opus-4-5'],
    ['anthropic.claude-opus-4-6-v1', 'claude-opus-4-6'],
    ['global.anthropic.claude-opus-4-5-20251101-v1:0', 'claude-opus-4-5'],
    ['anthropic/claude-opus-4.5', 'claude-opus-4-5'],
    ['openrouter/anthropic/claude-opus-4.5:thinking', 'claude-opus-4-5'],
    ['vertex_ai/claude-opus-4-5@20251101', 'claude-opus-4-5'],
    ['claude-opus-4.5-thinking', 'claude-opus-4-5'],
    ['claude-4-5-sonnet', 'claude-sonnet-4-5'],
    ['claude-4.5-sonnet-20250929-thinking', 'claude-sonnet-4-5'],
    ['claude-4-opus', 'claude-opus-4'],
    ['claude-opus-4-0', 'claude-opus-4'],
    ['claude-opus-4-20250514', 'claude-opus-4'],
    ['anthropic--claude-4.6-opus', 'claude-opus-4-6'],
    ['claude-3-5-sonnet-v2@20241022', 'claude-3-5-sonnet'],
    ['anthropic.claude-3-5-sonnet-20241022-v2:0', 'claude-3-5-sonnet'],
    ['claude-3-5-sonnet-latest', 'claude-3-5-sonnet'],
    ['claude-3.5-sonnet', 'claude-3-5-sonnet'],
    ['claude-sonnet-3.5', 'claude-3-5-sonnet'],
    ['glm-4.7', 'GLM-4.7'],
    ['bedrock/GLM-4.7', 'GLM-4.7'],
    ['arn:aws:bedrock:eu-west-1:1:application-inference-profile/Ab1', 'claude-opus-4-5'],
    ['grok-code-fast', 'grok-code-fast'],
    ['anthropic.claude-opus-4-5-20251101-v1:0:200k', 'claude-opus-4-5'],
    [
      'arn:aws:bedrock:us-east-1:123456789012:inference-profile/global.anthropic.claude-opus-4-5-20251101-v1:0',
      'claude-opus-4-5',
    ],
    ['arn:aws:bedrock:us-east-1:1:application-inference-profile/Cd2', 'claude-opus-4-6'], // by the alias of its shown name
    ['litellm/bedrock/converse/arn:aws:bedrock:eu-west-1:1:application-inference-profile/Cd2', 'claude-opus-4-6'],
    // The model may be of any maker.
    ['arn:aws:bedrock:us-east-1:123456789012:imported-model/Ef3', 'gemini-2.5-pro'],
    ['projects/123456789012/locations/us-central1/endpoints/98765', 'gemini-2.5-pro'],
    ['mod\u00e8le', 'mod\u00e8le'],
    ['mode\u0300le', 'mod\u00e8le'],
  ])('%j resolves to %s', (raw, canonical) => {
    expect(resolve(raw)).toEqual({ canonical, modifiers: 0 })
  })

  it.each([
    'us.anthropic.claude-opus-4-5-20251101-v1:0',
    'eu.anthropic.claude-opus-4-5',
    'bedrock/us-gov.claude-opus-4-5',
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-5-20251101-v1:0',
    'arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-opus-4-5-v1',
    'bedrock/arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/us-gov.anthropic.claude-opus-4-5-20251101-v1:0:200k',
  ])('%s is regional', (raw) =>
    expect(resolve(raw)).toEqual({ canonical: 'claude-opus-4-5', modifiers: MODIFIER.regional }),
  )

  it('a region written as a folder is regional', () => {
    expect(resolve('bedrock/us-east-1/anthropic.claude-opus-4-5-20251101-v1:0').modifiers).toBe(MODIFIER.regional)
  })

  it.each(['claude-opus-4-6-fast', 'anthropic/claude-opus-4.6-fast', 'claude-opus-4-6-fast-20260205'])(
    '%s is fast',
    (raw) => expect(resolve(raw)).toEqual({ canonical: 'claude-opus-4-6', modifiers: MODIFIER.fast }),
  )
})

describe('claude: names that do not resolve', () => {
  it.each([
    '',
    '   ',
    'claude-opus-4-9',
    'claude-opus-9-1',
    'claude-opus-4-5-2025110', // seven digits are not a date
    'claude-opus-4-5-preview',
    'my-claude-opus-4-5',
    'reseller/claude-opus-4-5',
    'claude-opus4-5',
    'claude-sonnet-5-5', // only its prefix is a model
    'claude-opus',
    'arn:aws:bedrock:eu-west-1:1:application-inference-profile/other',
    `claude-opus-4-5@${'x'.repeat(300)}`, // too long to be parsed
    '__proto__',
  ])('%j', (raw) => {
    expect(resolve(raw).canonical).toBeUndefined()
  })

  it('a model keeps its price when a user adds one with a longer name', () => {
    const mine = resolverOf(['claude-opus-4-5', 'claude-opus-4-5-20251101'])
    expect(mine('claude-opus-4-5-20251101').canonical).toBe('claude-opus-4-5-20251101')
    expect(mine('anthropic/claude-opus-4-5-20251101').canonical).toBe('claude-opus-4-5-20251101')
    expect(mine('claude-opus-4-5-20250101').canonical).toBe('claude-opus-4-5')
  })
})

it.each([
  [
    'arn:aws:bedrock:eu-west-2:123456789012:application-inference-profile/46u2vhiyo6z5',
    'bedrock-application-inference-profile/46u2vhiyo6z5',
  ],
  ['bedrock/arn:aws-cn:bedrock:cn-north-1:123456789012:provisioned-model/ab12', 'bedrock-provisioned-model/ab12'],
  ['arn:aws:bedrock:us-east-1::foundation-model/meta.llama4-v1:0', 'bedrock-foundation-model/meta.llama4-v1:0'],
  ['arn:aws:sagemaker:us-east-1:123456789012:endpoint/mine', 'sagemaker-endpoint/mine'],
  ['projects/123456789012/locations/us-central1/endpoints/98765', 'vertex-endpoints/98765'],
  [
    'vertex_ai/projects/my-company/locations/global/publishers/google/models/gemini-99',
    'vertex-publishers/google/models/gemini-99',
  ],
  ['my-model', 'my-model'],
  ['barn:a:b', 'barn:a:b'],
  ['projects/mine', 'projects/mine'],
])('%s is shown as %s', (raw, shown) => {
  expect(NAMES.shown(raw)).toBe(shown)
})

it('the resolver terminates for any name, and gives the same answer again', () => {
  const pieces = fc.constantFrom(
    'claude',
    'opus',
    '-',
    '.',
    '4',
    '@',
    ':',
    '/',
    '[1m]',
    '-fast',
    '-v1',
    ':0:200k',
    'arn:aws:bedrock:us-east-1:1:',
    'inference-profile/',
    'us.',
    '20251101',
  )
  const raws = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(raws, (raw) => {
      const once = resolve(raw)
      expect(resolve(raw)).toEqual(once)
      // A canonical name resolves to itself.
      if (once.canonical !== undefined) expect(resolve(once.canonical).canonical).toBe(once.canonical)
    }),
  )
})

it('the Claude family has the models of that name, and models of no family follow its rules', () => {
  expect(familyOf('claude-opus-5')).toBe(claude)
  const { steps, missingRates } = familyOf('glm-4.7')
  expect({ steps, missingRates }).toEqual({ steps: claude.steps, missingRates: claude.missingRates })
  expect(resolverOf(['glm-4.7', 'anthropic.claude-x', 'claude-x'])('us.anthropic.claude-x').canonical).toBe(
    'anthropic.claude-x',
  )
})

describe('claude: together with a family of other rules', () => {
  // codex-logs 5.4, and case 41.
  const gpt: ModelFamily = {
    has: (canonical) => canonical.startsWith('gpt-'),
    steps: [
      { pattern: /^.*\//, becomes: '' },
      { pattern: /-\d{4}-\d{2}-\d{2}$/, becomes: '' },
    ],
    missingRates: { cache_read: 1, cache_write_5m: 1, cache_write_1h: 1 },
  }
  const known = ['gpt-5.4', 'claude-opus-5', 'claude-opus-4-5', 'glm-4.7']
  const mixed = createModelResolver(known, new Map(), { ...NAMES, families: withOthers([gpt, claude]) })

  it.each([
    ['openai/gpt-5.4', 'gpt-5.4'],
    ['GPT-5.4', 'gpt-5.4'],
    ['gpt-5.4-2026-03-05', 'gpt-5.4'],
    ['gpt-5.45', undefined],
    ['gpt-5.4-fast', undefined],
    ['azure/gpt-5.4-20260305', undefined],
    ['anthropic/claude-opus-4.5', 'claude-opus-4-5'],
    ['reseller/claude-opus-5', undefined],
    ['bedrock/glm-4.7-fast', 'glm-4.7'],
    ['claude-opus-5-2026-07-24', undefined],
  ])('%s resolves to %s', (raw, canonical) => {
    expect(mixed(raw).canonical).toBe(canonical)
  })
})
