// A backfill by the commands that it prints, into a real Prometheus that already scrapes the exporter. No counter is reset, and
// increase() over any window equals the usage in the ledger.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { expect, it } from 'vitest'
import { createRandom } from '../../src/demo/random.js'
import { COUNTERS, countHardPast, readResponses, usedIn, type Response, type Sums } from '../support/past.js'
import { run } from '../support/program.js'
import { PROMETHEUSES, SOON, startPrometheus, type Prometheus } from '../support/prometheus.js'
import { PROMTOOLS } from '../support/tool.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const STEP = 300
const DAY = 86_400

/** Counters that a backfill writes. */
const FAMILIES = ['tokens', 'cost_usd', 'requests', 'web_search_requests', 'sessions', 'unpriced_tokens'].map(
  (name) => `agent_usage_${name}_total`,
)

async function sumOver(ask: (family: string) => Promise<number>): Promise<number> {
  let sum = 0
  for (const family of FAMILIES) sum += await ask(family)
  return sum
}

/** A PATH in which `promtool` is the given program. */
function pathTo(promtool: string, place: string): string {
  const path = process.env['PATH'] ?? ''
  if (!isAbsolute(promtool)) return path
  symlinkSync(promtool, join(place, 'promtool'))
  return `${place}${delimiter}${path}`
}

it.for(PROMETHEUSES.map((program, n) => [program, PROMTOOLS[n]!] as const))(
  '%s shows the usage of any window after a backfill, and no reset',
  async ([program, promtool], context) => {
    const place = mkdtempSync(join(folder, 'past-'))
    const past = await countHardPast(place)
    const instance = new URL(past.exporter.url).host
    const prometheus = await startPrometheus(context, {
      ...{ folder: place, program, exporter: past.exporter.url },
      flags: ['--storage.tsdb.retention.time=90d'],
    })
    await expect.poll(() => value(prometheus, 'sum(agent_usage_requests_total)'), SOON).toBeGreaterThan(1000)

    const dir = join(place, 'out put')
    const backfill = async (...more: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await run([
        'backfill',
        ...past.flags,
        `--output=${dir}`,
        `--instance=${instance}`,
        ...more,
      ])
      expect([code, stderr]).toEqual([0, ''])
      return stdout
    }
    const PATH = pathTo(promtool, place)
    const typed = (script: string): string =>
      execFileSync('sh', ['-ec', script], {
        encoding: 'utf8',
        env: { ...process.env, PATH },
      })
    const here = (script: string): string =>
      script
        .replaceAll('http://127.0.0.1:9090', prometheus.url)
        .replace('data=/var/lib/prometheus/metrics2', `data='${prometheus.storage}'`)

    // Prometheus already has values; the printed query finds the first one.
    const query = here(await backfill())
      .split('\n')
      .find((one) => one.startsWith('promtool query'))!
    const to = /^\{\} => (\S+) @/.exec(typed(query))![1]!
    const script = here(await backfill(`--to=${to}`))
    past.grow(20)
    const [, printed] = /^# (\d+) values of /.exec(script)!
    expect(typed(script)).toContain('all there')

    // Every written value is there: none was dropped.
    const last = Math.floor(Number(to) / STEP) * STEP
    const count = () => sumOver((family) => value(prometheus, `sum(count_over_time(${family}[60d]))`, last))
    await expect.poll(count, { timeout: 150_000, interval: 1_000 }).toBe(Number(printed))

    // No counter is reset where scraped values follow, while usage grows.
    const responses = await past.responses()
    const requests = responses.length
    await expect.poll(() => value(prometheus, 'sum(agent_usage_requests_total)'), SOON).toBe(requests)
    const end = await value(prometheus, 'max(timestamp(agent_usage_requests_total))')
    for (const family of FAMILIES) {
      const resets = await prometheus.query(`resets(${family}[60d])`, end)
      expect(resets.length, family).toBeGreaterThan(0)
      expect(resets.filter(({ points }) => points[0]!.value !== 0)).toEqual([])
    }

    const first = await value(prometheus, `min(min_over_time(timestamp(agent_usage_requests_total)[60d:1h]))`, last)
    await windowsAgree(responses, prometheus, { first: Math.ceil(first / STEP) * STEP, last })
    // Windows that begin before the first scraped value and end at the last one.
    for (const hours of [1, 5, 24, 24 * 7]) {
      const from = last - hours * 3600
      const spent = usedIn(responses, from * 1000, Infinity)
      for (const name of COUNTERS)
        expect(await increase(prometheus, name, end - from, end), `${name}, ${hours} h`).toSatisfy(
          near(spent[name], 0.005),
        )
    }
  },
)

const REAL = 'test/fixtures/real'
/** Excerpts of public logs (LICENSES.md there), from June 2025 on. */
const REAL_LOGS = [
  ...['FSM1+cipher-box', 'chiphuyen+sniffly', 'iansherr+claude-code-log', 'obra+episodic-memory'].map(
    (name) => `--claude.config-dir=${REAL}/${name}`,
  ),
  ...['codex.home', 'pi.agent-dir', 'copilot.home', 'gemini.home'].map(
    (name) => `--${name}=${REAL}/ingo-eichhorst+Irrlicht/${name.split('.')[0]}`,
  ),
  `--kimi.home=${REAL}/MoonshotAI+kimi-code/kimi`,
  '--timezone=UTC',
]

it.for(PROMETHEUSES.map((program, n) => [program, PROMTOOLS[n]!] as const))(
  '%s shows the usage of one month of real logs, and counters that include earlier usage',
  async ([program, promtool], context) => {
    const place = mkdtempSync(join(folder, 'real-'))
    const flags = [...REAL_LOGS, `--state.dir=${join(place, 'state')}`]
    const dir = join(place, 'out')
    const { code, stdout } = await run([
      'backfill',
      ...flags,
      `--output=${dir}`,
      '--from=2026-05-01',
      '--to=2026-05-31',
    ])
    expect(code).toBe(0)
    const storage = join(place, 'storage')
    mkdirSync(storage)
    const script = stdout
      .replace(/^promtool query .*$/m, '')
      .replace('data=/var/lib/prometheus/metrics2', `data='${storage}'`)
    const PATH = pathTo(promtool, place)
    const typed = execFileSync('sh', ['-ec', script], { encoding: 'utf8', env: { ...process.env, PATH } })
    expect(typed).toContain('all there')
    const prometheus = await startPrometheus(context, {
      ...{ folder: place, program, storage },
      flags: ['--storage.tsdb.retention.time=10y'],
    })

    const [first, last] = ['2026-05-01', '2026-06-01'].map((day) => Date.parse(day) / 1000) as [number, number]
    const responses = await readResponses(flags)
    const inside = usedIn(responses, first * 1000, last * 1000)
    expect(inside.agent_usage_requests_total).toBeGreaterThan(20)
    await windowsAgree(responses, prometheus, { first, last })
    // A counter includes earlier usage, long ago or without a timestamp.
    for (const name of COUNTERS) {
      const total = responses.filter(({ timeMs }) => !(timeMs > last * 1000)).reduce((sum, one) => sum + one[name], 0)
      expect(await value(prometheus, `sum(${name})`, last), name).toSatisfy(near(total, 1e-9))
      const resets = await prometheus.query(`resets(${name}[31d])`, last)
      expect(resets.filter(({ points }) => points[0]!.value !== 0)).toEqual([])
    }
  },
)

interface Span {
  readonly first: number
  readonly last: number
}

/** First and last second of a time range; both are multiples of the step. */
async function windowsAgree(
  responses: readonly Response[],
  prometheus: Prometheus,
  { first, last }: Span,
): Promise<void> {
  const random = createRandom(1, 'windows')
  const steps = (last - first) / STEP
  for (let n = 0; n < 1000; n += 1) {
    const from = Math.floor(random.unit() * (steps - 12))
    const length = 12 + Math.floor(random.unit() ** 3 * (steps - from - 12))
    await agrees(first + from * STEP, first + (from + length) * STEP, 0.005, COUNTERS[n % COUNTERS.length]!)
  }
  for (let day = Math.ceil(first / DAY) * DAY; day + DAY <= last; day += DAY)
    for (const name of COUNTERS) await agrees(day, day + DAY, 0.001, name)

  async function agrees(from: number, until: number, tolerance: number, name: keyof Sums): Promise<void> {
    const spent = usedIn(responses, from * 1000, until * 1000)[name]
    const shown = await increase(prometheus, name, until - from, until)
    expect(shown, `${name} from ${from} until ${until}`).toSatisfy(near(spent, tolerance))
  }
}

const near =
  (expected: number, tolerance: number) =>
  (found: number): boolean =>
    Math.abs(found - expected) <= tolerance * expected + 1e-9

/** One second longer than the window, so that it includes the value at its start. */
const increase = (prometheus: Prometheus, name: string, seconds: number, at: number): Promise<number> =>
  value(prometheus, `sum(increase(${name}[${Math.round(seconds) + 1}s]))`, at)

/** Value of the only series; 0 if there is none. */
async function value(prometheus: Prometheus, expr: string, atSeconds?: number): Promise<number> {
  const [only] = await prometheus.query(expr, atSeconds)
  return only?.points[0]!.value ?? 0
}
