// The compose stack, the image and the service units, checked by the tools that run them or by their schemas.
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

  it('satisfies dclint, and a mistake in it does not', (context) => {
    const dclint = (file: string) => run(context, `${top}node_modules/.bin/dclint`, ['--quiet', file], top)
    expect(dclint('grafana/compose.yaml')).toMatchObject({ status: 0 })
    const bad = join(folder, 'compose.yaml')
    writeFileSync(bad, read('grafana/compose.yaml').replace('cap_drop: [ALL]', 'cap_drop: ALL'))
    expect(dclint(bad).says).toContain('cap_drop')
  })

  it.each(Object.entries(services))(
    'pins the image of %s, checks its health and publishes its ports on 127.0.0.1 only',
    (name, service) => {
      if (name === 'exporter') expect(service.build).toEqual({ context: '..' })
      else {
        expect(service.image).toMatch(/:v?\d+\.\d+\.\d+$/)
        expect(service.healthcheck).toBeDefined()
      }
      for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:/)
    },
  )

  it('mounts existing files read-only, and only the transcripts of the agent', () => {
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

  it('gives the exporter existing settings and a valid configuration file', () => {
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
  it('accept the configurations of the stack', (context) => {
    expect(run(context, 'promtool', ['check', 'config', 'prometheus.yml'], grafanaFolder)).toMatchObject({
      status: 0,
      says: expect.stringContaining('3 rule files found') as string,
    })
    expect(run(context, 'amtool', ['check-config', 'alertmanager.yml'], grafanaFolder)).toMatchObject({ status: 0 })
  })

  it('accept the configuration of a fleet’s agents', (context) => {
    for (const promtool of PROMTOOLS) {
      const said = run(context, promtool, ['check', 'config', '--agent', 'fleet/prometheus-agent.yml'], grafanaFolder)
      expect(said).toMatchObject({ status: 0 })
    }
  })

  it('accept their files for pushes, and the README links to every file for pushes', (context) => {
    const files = readdirSync(`${grafanaFolder}push`)
    const named = [...read('grafana/README.md').matchAll(/\]\(push\/([^)]+)\)/g)].map(([, name]) => name!)
    expect([...named].sort()).toEqual(files)
    const check = (promtool: string, file: string) => run(context, promtool, ['check', 'config', file], grafanaFolder)
    expect(check(PROMTOOLS[1], 'push/prometheus.yml')).toMatchObject({ status: 0 })
    for (const promtool of PROMTOOLS)
      expect(check(promtool, 'push/prometheus-scraping.yml')).toMatchObject({ status: 0 })
  })

  it('accept the scrape configurations in the READMEs', (context) => {
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
  // The keys that Grafana documents. Grafana ignores others, so they are errors here.
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

  it('has the data sources of the stack', () => {
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

describe('the Dockerfile', () => {
  const text = read('Dockerfile')

  it('is valid, and a mistake in it is found', () => {
    expect(validate(text)).toEqual([])
    expect(validate(text.replace('EXPOSE 9853', 'EXPOSE port'))).not.toEqual([])
  })

  it('labels the image with the version and license of package.json', () => {
    const { version, license } = JSON.parse(read('package.json')) as { version: string; license: string }
    expect(text).toContain(`\nARG VERSION=${version}\n`)
    expect(text).toContain(`org.opencontainers.image.licenses="${license}"`)
  })

  it('copies exactly the files that .dockerignore lets through', () => {
    const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files]) => files!.split(' '))
    const through = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, file]) => file!)
    expect(copied.sort()).toEqual(through.sort())
  })

  it('runs as an unprivileged user, with a pinned base image and a health check', () => {
    expect(text).toMatch(/^ARG BASE=node:24-trixie-slim$/m)
    expect(text.match(/^FROM \S+/gm)).toEqual(['FROM ${BASE}', 'FROM ${BASE}'])
    expect(text).toMatch(/^USER node$/m)
    // test/integration/healthcheck.test.ts checks the command itself.
    const [, check] = /^HEALTHCHECK .+\\\n {2}CMD (.+)$/m.exec(text)!
    const [, entry] = /^ENTRYPOINT (.+)$/m.exec(text)!
    expect(JSON.parse(check!)).toEqual([...(JSON.parse(entry!) as string[]), 'healthcheck'])
  })
})

describe('the service units', () => {
  it('include a unit that systemd accepts', (context) => {
    const env = { XDG_RUNTIME_DIR: mkdtempSync(join(folder, 'runtime-')) }
    const unit = 'service/agent-usage-exporter.service'
    const said = run(context, 'systemd-analyze', ['verify', '--user', unit], grafanaFolder, env)
    expect(said).toEqual({ status: 0, says: '' })
  })

  it('include a systemd unit that does not restart after a usage error', () => {
    expect(read('grafana/service/agent-usage-exporter.service')).toMatch(
      /^Restart=on-failure\n(?:.*\n)*?RestartPreventExitStatus=2$/m,
    )
  })

  it('include a launchd agent that exits with 0 after a usage error, which is logged', () => {
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
    // Any other failure exits with 1, so that launchd tries again.
    expect(start({ AGENT_USAGE_WEB_LISTEN_ADDRESS: '192.0.2.1:0', AGENT_USAGE_STATE_DIR: 'none' })).toBe(1)
    expect(readFileSync(log, 'utf8')).toContain('cannot listen')
  })

  it('include a launchd agent that is a valid property list', () => {
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
