// Label values from the logs of each agent follow one rule, whatever a log calls its models and folders.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { SOURCES } from '../../src/sources/index.js'
import { AGENT_LOGS } from '../support/agent-logs.js'
import { samples, sumOf } from '../support/exposition.js'
import { lines } from '../support/line.js'
import { mainFile } from '../support/program.js'
import { plant } from '../support/tree.js'
import { homes } from './running.js'

const home = homes()

const long = (end: string): string => `${'m'.repeat(300)}${end}`
/** Names of models in a log, and their labels; a pattern where the label is cut. */
const MODELS: readonly (readonly [raw: string, label: string | RegExp])[] = [
  ['nul\u0000', 'nul\ufffd'],
  ['c1\u009b31m', 'c1\ufffd31m'],
  ['high\ud800x', 'high\ufffdx'],
  ['low\udfffx', 'low\ufffdx'],
  ['mode\u0300le', 'mod\u00e8le'],
  ['  spaced ', 'spaced'],
  ['', 'unknown'],
  ['__proto__', '__proto__'],
  [long('1'), /^m+\u2026[0-9a-f]{16}$/],
  [long('2'), /^m+\u2026[0-9a-f]{16}$/],
  [
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    'claude-sonnet-4-5',
  ],
  ['anthropic.claude-opus-4-8-v1:0:200k', 'claude-opus-4-8'],
  ['bedrock/arn:aws:bedrock:eu-west-1:123456789012:imported-model/q', 'bedrock-imported-model/q'],
  ['projects/123456789012/locations/us/endpoints/98765', 'vertex-endpoints/98765'],
]
/** Spellings of one folder, by the label of its project. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  till: ['C:\\Users\\ann\\src\\till', '/mnt/c/Users/ann/src/till', '/c/Users/ann/src/till', 'c:/users/ann/SRC/till'],
  shop: ['/home/ann/shop', '\\\\wsl.localhost\\Ubuntu\\home\\ann\\shop'],
  'caf\u00e9': ['/w/cafe\u0301', '/w/caf\u00e9'],
  'nul\ufffd': ['/w/nul\u0000'],
  '\ufffd': ['/w/\ud800'],
  '~': ['/home/ann'],
}

it('every agent has logs for this test', () => {
  expect(AGENT_LOGS.map(({ agent }) => agent)).toEqual(SOURCES.map(({ agent }) => agent))
})

it.each(AGENT_LOGS)('label values of $agent are normalised, cut and free of secrets', ({ agent, flag, session }) => {
  const directory = join(home().dir, 'logs')
  const sessions = [
    ...MODELS.map(([model]) => ({ cwd: '/w/models', model })),
    ...Object.values(FOLDERS).flatMap((all) => all.map((cwd) => ({ cwd, model: 'claude-opus-4-8' }))),
  ]
  for (const [number, told] of sessions.entries()) {
    const { path, lines: entries } = session({ ...told, id: `s${number}` })
    plant(directory, { [`/${path}`]: lines(...entries.map((entry) => JSON.stringify(entry))) })
    // Gemini CLI keeps the folder in a file of its own, not on any line.
    if (agent === 'gemini-cli') writeFileSync(join(directory, dirname(path), '../.project_root'), told.cwd)
  }
  const env = { PATH: process.env.PATH, HOME: '/nonexistent' }
  const flags = ['once', `--${flag}=${directory}`, '--state.dir=none', '--log.level=error']
  const { status, stdout } = spawnSync(process.execPath, [mainFile, ...flags], { env })
  expect(status).toBe(0)
  const text = stdout.toString()
  expect(Buffer.from(text).equals(stdout)).toBe(true)
  const all = samples(text)
  const requests = (labels: Readonly<Record<string, string>>): number =>
    sumOf(all, 'agent_usage_requests_total', labels)

  expect(requests({ agent })).toBe(sessions.length)
  const models = new Set(all.flatMap(({ labels }) => labels['model'] ?? []))
  for (const [raw, label] of MODELS) {
    const found = [...models].filter((model) => (typeof label === 'string' ? model === label : label.test(model)))
    expect({ raw, labels: found.length }).toEqual({ raw, labels: typeof label === 'string' ? 1 : 2 })
  }
  for (const [project, spellings] of Object.entries(FOLDERS))
    expect({ project, requests: requests({ project }) }).toEqual({ project, requests: spellings.length })
  const values = all.flatMap(({ labels }) => Object.values(labels))
  for (const value of values) {
    expect(value).not.toMatch(/[\p{Cc}\p{Surrogate}]|\bann\b|123456789012/u)
    expect(value.length).toBeLessThanOrEqual(200)
    expect(value).toBe(value.normalize('NFC'))
  }
  const series = all.map(({ name, labels }) => `${name}${JSON.stringify(labels)}`)
  expect(new Set(series).size).toBe(series.length)
})
