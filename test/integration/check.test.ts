// `check` of the built program: it prints the effective settings and every mistake, and starts and writes nothing.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pemFile } from '../support/https.js'
import { mainFile } from '../support/program.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()

function checked(files: Readonly<Record<string, string>>, ...flags: readonly string[]) {
  const home = mkdtempSync(join(folder, 'home-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text)
  const env = { PATH: process.env.PATH, HOME: home, AGENT_USAGE_LOG_LEVEL: 'warn' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [mainFile, 'check', ...flags], {
    cwd: home,
    env,
    encoding: 'utf8',
  })
  expect(existsSync(join(home, '.local'))).toBe(false)
  return {
    home,
    status,
    rows: stdout
      .trim()
      .split('\n')
      .map((row) => row.trim().split(/ {2,}/)),
    mistakes: stderr.split('\n').slice(0, -1),
  }
}

it('prints the effective settings and the origin of each value', () => {
  const files = {
    'exporter.yaml':
      'timezone: Europe/Berlin\nprices.file: prices.yaml\nbudgets: [{ name: all, period: month, limit_usd: 400 }]\n',
    'prices.yaml': 'models: { glm-4.7: { prices: [{ input: 0.6, output: 2.2 }] } }\n',
    'web.yml': `tls_server_config: { cert_file: "${pemFile('server')}", key_file: "${pemFile('server')}" }\n`,
  }
  const { status, home, rows, mistakes } = checked(
    files,
    '--config.file=exporter.yaml',
    '--web.config.file=web.yml',
    '--web.listen-address=:9900',
  )
  expect({ status, mistakes }).toEqual({ status: 0, mistakes: [] })
  expect(rows).toEqual(
    expect.arrayContaining([
      ['Settings:'],
      ['web.listen-address', 'flag', ':9900'],
      ['timezone', 'file', 'Europe/Berlin'],
      ['log.level', 'environment', 'warn'],
      ['watch.sweep-interval', 'default', '60s'],
      ['web.allowed-host', 'default', '-'],
      ['budgets', 'all: $400 a month'],
      ['prices', expect.stringMatching(/^\d+ models built in, 1 model in the file$/)],
      ['web', 'TLS, client certificates: NoClientCert, no sign-in'],
      ['agents', 'default', 'all'],
      ['claude-code', 'missing', join(home, '.claude/projects')],
      ['codex', 'missing', join(home, '.codex/sessions')],
      ['No mistakes.'],
    ]),
  )
})

it('names all mistakes of all files', () => {
  const files = {
    'exporter.yaml':
      'timezone: Berlin\nlog: { level: loud, colour: red }\nbudgets: [{ name: a, period: fortnight, limit_usd: 1 }, { name: b, period: day }]\n',
    'prices.yaml': 'models: { glm-4.7: { prices: [{ input: -1, output: 2.2 }] } }\n',
    'web.yml': 'basic_auth_users: { ann: secret }\n',
  }
  const { status, mistakes } = checked(
    files,
    '--config.file=exporter.yaml',
    '--prices.file=prices.yaml',
    '--web.config.file=web.yml',
  )
  expect(status).toBe(2)
  const named = [
    'timezone: "Berlin"',
    'log.level: "loud"',
    'log.colour: no such setting',
    'budgets[0].period',
    'budgets[1]: needs limit_usd',
    'prices.yaml',
    'basic_auth_users.ann',
  ]
  for (const part of named) expect(mistakes.filter((mistake) => mistake.includes(part))).toHaveLength(1)
  expect(mistakes).toHaveLength(named.length)
  expect(mistakes.join()).not.toContain('secret')
})

it('reports an unreadable file once', () => {
  const { status, mistakes } = checked({}, '--prices.file=gone.yaml', '--web.config.file=gone.yml')
  expect({ status, mistakes: mistakes.length }).toEqual({ status: 2, mistakes: 2 })
})

it('reads the files of a push, reports an invalid one once, and prints none of their contents', () => {
  const files = { headers: 'Authorization: Bearer secret\n', spoilt: 'Bearer secret\n' }
  const endpoint = '--otlp.endpoint=https://otlp.example.org'
  const pushed = (...flags: readonly string[]) => {
    const { home, status, rows, mistakes } = checked(files, endpoint, ...flags)
    expect(JSON.stringify({ rows, mistakes })).not.toContain('secret')
    const said = mistakes.map((each) => each.replace(`${home}/`, '').replace('agent-usage-exporter: ', ''))
    return [status, rows.find(([name]) => name === 'push')![1], ...said]
  }
  expect(pushed('--otlp.headers-file=headers')).toEqual([
    0,
    'https://otlp.example.org/v1/metrics every 60 s, headers: authorization',
  ])
  const wrong = (...mistakes: readonly string[]): unknown => [2, 'see the mistakes', ...mistakes]
  expect(pushed('--otlp.headers-file=spoilt')).toEqual(wrong('spoilt: line 1: expected NAME: VALUE, in ASCII'))
  expect(pushed('--otlp.ca-file=headers')).toEqual(wrong('headers: no certificate in it'))
  expect(pushed('--otlp.ca-file=gone')).toEqual(wrong('--otlp.ca-file: "gone": cannot read it: no such file'))
})

it('lists only the selected agents', () => {
  const { rows } = checked({}, '--agents=codex')
  expect(rows.filter(([name]) => name === 'agents')).toEqual([['agents', 'flag', 'codex']])
  const logs = rows.slice(rows.findIndex(([name]) => name === 'Logs:') + 1, -2)
  expect(new Set(logs.map(([agent]) => agent))).toEqual(new Set(['codex']))
})

it('says whether the state can be kept', () => {
  const stateRow = (dir: string) => {
    const { status, rows, mistakes } = checked({ file: '' }, `--state.dir=${dir}`)
    return { status, row: rows.find(([name]) => name === 'state'), mistakes }
  }
  const found = { status: 0, mistakes: [] }
  expect(stateRow('.')).toEqual({ ...found, row: ['state', 'kept'] })
  expect(stateRow('new/state')).toEqual({ ...found, row: ['state', 'kept in a directory that will be created'] })
  expect(stateRow('none')).toEqual({ ...found, row: ['state', 'not kept'] })
  for (const dir of ['file', 'file/state']) {
    const { status, mistakes } = stateRow(dir)
    expect(status).toBe(2)
    expect(mistakes).toEqual([expect.stringMatching(/--state\.dir: ".*": .*file is not a directory$/)])
  }
})
