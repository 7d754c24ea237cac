// The stack to try, the image and the units: judged by the tools of those who will run them, or by their schemas.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { validate } from 'dockerfile-utils'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { loadConfig } from '../../src/config/config.js'
import { envName } from '../../src/config/setting.js'
import { allSettings } from '../../src/config/all-settings.js'
import { mainFile } from '../support/program.js'
import { temporaryFolder } from '../support/tree.js'
import { PROMTOOLS, run } from '../support/tool.js'
import { boardNames, grafanaFolder } from './boards.js'

const top = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string): string => readFileSync(top + path, 'utf8')
const folder = temporaryFolder()

interface Service {
  readonly image?: string
  readonly build?: unknown
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes: readonly (
    string | { readonly source: string; readonly target: string; readonly read_only?: boolean }
  )[]
  readonly ports: readonly string[]
  readonly healthcheck?: unknown
}

describe('compose.yaml', () => {
  const { services } = parse(read('grafana/compose.yaml')) as { services: Readonly<Record<string, Service>> }

  it('satisfies the schema of compose, and rules of good practice', (context) => {
    const dclint = (file: string) => run(context, `${top}node_modules/.bin/dclint`, ['--quiet', file], top)
    expect(dclint('grafana/compose.yaml')).toMatchObject({ status: 0 })
    const bad = join(folder, 'compose.yaml')
    writeFileSync(bad, read('grafana/compose.yaml').replace('cap_drop: [ALL]', 'cap_drop: ALL'))
    expect(dclint(bad).says).toContain('cap_drop')
  })

  it.each(Object.entries(services))(
    '%s is pinned, watched over, and reached from this machine only',
    (name, service) => {
      if (name === 'exporter') expect(service.build).toEqual({ context: '..' })
      else {
        expect(service.image).toMatch(/:v?\d+\.\d+\.\d+$/)
        expect(service.healthcheck).toBeDefined()
      }
      for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:/)
    },
  )

  it('mounts what is there, read-only; and of the agent only its transcripts', () => {
    const mounts = Object.values(services)
      .flatMap(({ volumes }) => volumes)
      .map((volume) => {
        if (typeof volume !== 'string') return { source: volume.source, readOnly: volume.read_only === true }
        const [source, , mode] = volume.split(':')
        return { source: source!, readOnly: mode === 'ro' }
      })
    const logs = mounts.filter(({ source }) => source.includes('claude'))
    expect(logs).toEqual([{ source: '${CLAUDE_CONFIG_DIR:-~/.claude}/projects', readOnly: true }])
    for (const { source, readOnly } of mounts) {
      if (!source.startsWith('.')) continue
      expect(readOnly, source).toBe(true)
      expect(readdirSync(grafanaFolder)).toContain(source.slice(2))
    }
  })

  it('gives the exporter settings that exist, and a configuration file that it takes', () => {
    const { environment = {} } = services['exporter']!
    const known = [...allSettings.values()].map(({ name }) => envName(name))
    for (const name of [...Object.keys(environment), ...read('Dockerfile').match(/AGENT_USAGE_\w+/g)!])
      expect(known).toContain(name)
    const env = {
      ...environment,
      AGENT_USAGE_TIMEZONE: 'UTC',
      AGENT_USAGE_CONFIG_FILE: `${grafanaFolder}config/exporter.yaml`,
      HOME: folder,
    }
    const { budgets, sweepIntervalMs } = loadConfig([], env)
    expect(budgets.map(({ period }) => period)).toEqual(['month', 'day'])
    expect(sweepIntervalMs).toBe(15_000)
  })
})

describe('Prometheus and Alertmanager', () => {
  it('have configurations that they take', (context) => {
    expect(run(context, 'promtool', ['check', 'config', 'prometheus.yml'], grafanaFolder)).toMatchObject({
      status: 0,
      says: expect.stringContaining('3 rule files found') as string,
    })
    expect(run(context, 'amtool', ['check-config', 'alertmanager.yml'], grafanaFolder)).toMatchObject({ status: 0 })
  })

  it('have an agent for each machine of a fleet that they take', (context) => {
    for (const promtool of PROMTOOLS) {
      const said = run(context, promtool, ['check', 'config', '--agent', 'fleet/prometheus-agent.yml'], grafanaFolder)
      expect(said).toMatchObject({ status: 0 })
    }
  })

  it('have files for pushes, each of which the README names; they take those that are theirs', (context) => {
    const files = readdirSync(`${grafanaFolder}push`)
    const named = [...read('grafana/README.md').matchAll(/\]\(push\/([^)]+)\)/g)].map(([, name]) => name!)
    expect([...named].sort()).toEqual(files)
    const check = (promtool: string, file: string) => run(context, promtool, ['check', 'config', file], grafanaFolder)
    expect(check(PROMTOOLS[1], 'push/prometheus.yml')).toMatchObject({ status: 0 })
    for (const promtool of PROMTOOLS)
      expect(check(promtool, 'push/prometheus-scraping.yml')).toMatchObject({ status: 0 })
  })

  it('have snippets in the READMEs that they take', (context) => {
    for (const path of ['README.md', 'grafana/README.md']) {
      const snippets = [...read(path).matchAll(/```yaml\n(.*?)```/gs)].filter(([, yaml]) =>
        yaml!.includes('scrape_configs:'),
      )
      expect(snippets, path).not.toEqual([])
      for (const [, yaml] of snippets) {
        const place = mkdtempSync(join(folder, 'snippet-'))
        writeFileSync(join(place, 'prometheus.yml'), yaml!)
        expect(run(context, 'promtool', ['check', 'config', 'prometheus.yml'], place)).toMatchObject({ status: 0 })
      }
    }
  })
})

describe('provisioning', () => {
  // The keys of Grafana's documentation; others are ignored by Grafana, so they are errors here.
  const source = z.strictObject({
    name: z.string(),
    uid: z.string().optional(),
    type: z.enum(['prometheus', 'alertmanager']),
    access: z.literal('proxy'),
    url: z.url(),
    isDefault: z.boolean().optional(),
    jsonData: z.strictObject({
      httpMethod: z.enum(['GET', 'POST']).optional(),
      timeInterval: z.string().optional(),
      prometheusType: z.literal('Prometheus').optional(),
      manageAlerts: z.boolean().optional(),
      alertmanagerUid: z.string().optional(),
      implementation: z.literal('prometheus').optional(),
    }),
  })
  const sources = z.strictObject({ apiVersion: z.literal(1), datasources: z.array(source) })
  const providers = z.strictObject({
    apiVersion: z.literal(1),
    providers: z.array(
      z.strictObject({
        name: z.string(),
        folder: z.string(),
        type: z.literal('file'),
        disableDeletion: z.boolean(),
        allowUiUpdates: z.boolean(),
        options: z.strictObject({ path: z.string() }),
      }),
    ),
  })

  it('has data sources that fit the stack', () => {
    const { datasources } = sources.parse(parse(read('grafana/provisioning/datasources/prometheus.yaml')))
    expect(datasources.map(({ url }) => new URL(url).host)).toEqual(['prometheus:9090', 'alertmanager:9093'])
    expect(datasources[0]!.jsonData.alertmanagerUid).toBe(datasources[1]!.uid)
    const { global } = parse(read('grafana/prometheus.yml')) as { global: { scrape_interval: string } }
    expect(datasources[0]!.jsonData.timeInterval).toBe(global.scrape_interval)
  })

  it('has the boards', () => {
    const [provider] = providers.parse(parse(read('grafana/provisioning/dashboards/agent-usage.yaml'))).providers
    expect(read('grafana/compose.yaml')).toContain(`./dashboards:${provider!.options.path}:ro`)
    expect(
      readdirSync(`${grafanaFolder}dashboards`)
        .filter((file) => file.endsWith('.json'))
        .sort(),
    ).toEqual(boardNames.map((name) => `${name}.json`).sort())
  })
})

describe('Dockerfile', () => {
  const text = read('Dockerfile')

  it('has no mistakes', () => {
    expect(validate(text)).toEqual([])
    expect(validate(text.replace('EXPOSE 9853', 'EXPOSE port'))).not.toEqual([])
  })

  it('says what it is: the version of package.json', () => {
    const { version, license } = JSON.parse(read('package.json')) as { version: string; license: string }
    expect(text).toContain(`\nARG VERSION=${version}\n`)
    expect(text).toContain(`org.opencontainers.image.licenses="${license}"`)
  })

  it('copies only what .dockerignore lets through, and all of that', () => {
    const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files]) => files!.split(' '))
    const through = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, file]) => file!)
    expect(copied.sort()).toEqual(through.sort())
  })

  it('runs as nobody in particular, with pinned images, and looks after itself', () => {
    expect(text).toMatch(/^ARG BASE=node:24-trixie-slim$/m)
    expect(text.match(/^FROM \S+/gm)).toEqual(['FROM ${BASE}', 'FROM ${BASE}'])
    expect(text).toMatch(/^USER node$/m)
    // What it says of an exporter, whatever that was told: test/integration/healthcheck.test.ts.
    const [, check] = /^HEALTHCHECK .+\\\n {2}CMD (.+)$/m.exec(text)!
    const [, entry] = /^ENTRYPOINT (.+)$/m.exec(text)!
    expect(JSON.parse(check!)).toEqual([...(JSON.parse(entry!) as string[]), 'healthcheck'])
  })
})

describe('service', () => {
  it('has a unit that systemd takes', (context) => {
    const env = { XDG_RUNTIME_DIR: mkdtempSync(join(folder, 'runtime-')) }
    const unit = 'service/agent-usage-exporter.service'
    const said = run(context, 'systemd-analyze', ['verify', '--user', unit], grafanaFolder, env)
    expect(said).toEqual({ status: 0, says: '' })
  })

  it('has a unit that does not start again what was asked wrongly', () => {
    expect(read('grafana/service/agent-usage-exporter.service')).toMatch(
      /^Restart=on-failure\n(?:.*\n)*?RestartPreventExitStatus=2$/m,
    )
  })

  it('has an agent that ends well when it was asked wrongly, and says so in its log', () => {
    const home = mkdtempSync(join(folder, 'home-'))
    const log = join(home, 'Library/Logs/agent-usage-exporter.log')
    for (const place of ['.local/bin', 'Library/Logs']) mkdirSync(join(home, place), { recursive: true })
    const program = join(home, '.local/bin/agent-usage-exporter')
    writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} ${mainFile} "$@" \n`, { mode: 0o755 })
    const [, script] = /<string>(export [^<]*)</.exec(read('grafana/service/agent-usage-exporter.plist'))!
    const start = (env: Readonly<Record<string, string>>): number | null =>
      spawnSync('/bin/sh', ['-c', script!], { env: { HOME: home, ...env } }).status
    expect(start({ AGENT_USAGE_LOG_LEVEL: 'loud' })).toBe(0)
    expect(readFileSync(log, 'utf8')).toContain('"loud"')
    // Started, and failed for another reason: it is to be tried again.
    expect(start({ AGENT_USAGE_WEB_LISTEN_ADDRESS: '192.0.2.1:0', AGENT_USAGE_STATE_DIR: 'none' })).toBe(1)
    expect(readFileSync(log, 'utf8')).toContain('cannot listen')
  })

  it('has an agent for launchd that is a property list', () => {
    const text = read('grafana/service/agent-usage-exporter.plist')
    const tags = [...text.replaceAll(/<[?!][^>]*>/g, '').matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)]
    const open: string[] = []
    for (const [, end, name, alone] of tags) {
      if (end === '/') expect(open.pop()).toBe(name)
      else if (alone === '') open.push(name!)
    }
    expect(open).toEqual([])
    expect(text).toContain('<key>Label</key>\n  <string>agent-usage-exporter</string>')
  })
})
