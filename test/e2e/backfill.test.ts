// The command `backfill` of the built program: the contents of its files, and what it refuses to write.
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { samples, type Sample } from '../support/exposition.js'
import { line, lines } from '../support/line.js'
import { run, serve, type Ended } from '../support/program.js'
import { plant, temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const STEP_MS = 300_000

interface Home {
  readonly configDir: string
  readonly stateDir: string
  readonly out: string
  readonly backfill: (...flags: readonly string[]) => Promise<Ended>
}

function home(files: Readonly<Record<string, string>>): Home {
  const place = mkdtempSync(join(folder, 'home-'))
  const configDir = plant(join(place, 'config'), files)
  const stateDir = join(place, 'state')
  const out = join(place, 'out')
  const flags = [`--claude.config-dir=${configDir}`, `--state.dir=${stateDir}`, `--output=${out}`]
  return { configDir, stateDir, out, backfill: (...more) => run(['backfill', ...flags, ...more]) }
}

const at = (name: string, time: string, project = 'app', counts = '10/160'): string =>
  line(`msg_${name}/r${name} o48 ${counts}`, { line: { timestamp: time, cwd: `/w/${project}`, sessionId: project } })

const contents = (dir: string): Map<string, string> =>
  new Map(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'utf8')]))

interface Valued extends Sample {
  readonly ms: number
}

/** All values in the files, in order of the days. */
function valuesIn(dir: string): Valued[] {
  return [...contents(dir)].sort().flatMap(([, text]) => {
    const bodies = text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))
    return bodies.map((one) => {
      const [sample] = samples(one.replace(/ \d+$/, ''))
      const time = Number(one.slice(one.lastIndexOf(' ') + 1))
      return { ...sample!, ms: time > 1e11 ? time : time * 1000 }
    })
  })
}

const requestsOf = (dir: string, project: string): (readonly [string, number])[] =>
  valuesIn(dir)
    .filter(({ name, labels }) => name === 'agent_usage_requests_total' && labels['project'] === project)
    .map(({ ms, value }) => [new Date(ms).toISOString(), value] as const)

const DAYS = {
  'a/A.jsonl': lines(at('1', '2026-11-01T23:58:00.000Z')),
  'b/B.jsonl': lines(at('2', '2026-11-03T00:05:00.000Z', 'new')),
}

it('writes a file for each day, with every series starting at 0 one step before its first usage', async () => {
  const { out, backfill } = home(DAYS)
  const { code, stdout, stderr } = await backfill('--to=2026-11-03T00:20:00Z')
  expect([code, stderr]).toEqual([0, ''])
  expect(readdirSync(out)).toEqual(['2026-11-01.om', '2026-11-02.om', '2026-11-03.om'])
  for (const text of contents(out).values()) {
    expect(text.startsWith('# HELP agent_usage_tokens Tokens of model responses')).toBe(true)
    expect(text).toMatch(/\n# TYPE agent_usage_cost_usd counter\nagent_usage_cost_usd_total\{.*\} \S+ \d{10}\n/)
    expect(text.endsWith('\n# EOF\n')).toBe(true)
  }
  const app = requestsOf(out, 'app')
  expect(app.slice(0, 2)).toEqual([
    ['2026-11-01T23:55:00.000Z', 0],
    ['2026-11-02T00:00:00.000Z', 1],
  ])
  expect(app).toHaveLength(1 + 288 + 5)
  expect(requestsOf(out, 'new')).toEqual([
    ['2026-11-03T00:00:00.000Z', 0],
    ['2026-11-03T00:05:00.000Z', 1],
    ['2026-11-03T00:10:00.000Z', 1],
    ['2026-11-03T00:15:00.000Z', 1],
    ['2026-11-03T00:20:00.000Z', 1],
  ])
  const all = valuesIn(out)
  expect(new Set(all.map(({ labels }) => `${labels['job']} ${labels['instance']}`))).toEqual(
    new Set(['agent-usage 127.0.0.1:9853']),
  )
  expect(stdout).toContain(
    `# ${all.length} values of 18 series from 2026-11-01T23:55:00Z to 2026-11-03T00:20:00Z: 3 files in`,
  )
  // The times of a series ascend by one step each.
  const last = new Map<string, number>()
  for (const { name, labels, ms } of all) {
    const key = JSON.stringify([name, labels])
    expect(ms - (last.get(key) ?? ms - STEP_MS)).toBe(STEP_MS)
    last.set(key, ms)
  }
})

it('writes the same files again, and includes usage before the window', async () => {
  const { out, backfill } = home(DAYS)
  const flags = [
    '--from=2026-11-02',
    '--to=2026-11-03T00:20:00Z',
    '--timezone=UTC',
    '--step=10m',
    '--job=node',
    '--instance=a"b',
  ]
  const first = await backfill(...flags)
  expect(first.code).toBe(0)
  expect(requestsOf(out, 'app')[0]).toEqual(['2026-11-02T00:00:00.000Z', 1])
  expect(valuesIn(out)[0]!.labels).toMatchObject({ job: 'node', instance: 'a"b' })
  const before = contents(out)
  const second = await backfill(...flags)
  expect(second).toEqual(first)
  expect(contents(out)).toEqual(before)
})

it('takes dates in the time zone, also on a day on which clocks change', async () => {
  const night = [
    '2026-10-24T21:30:00Z',
    '2026-10-24T22:30:00Z',
    '2026-10-25T00:30:00Z',
    '2026-10-25T01:30:00Z',
    '2026-10-25T23:30:00Z',
  ]
  const { out, backfill } = home({ 'a/A.jsonl': lines(...night.map((time, n) => at(`${n}`, time))) })
  const flags = [
    '--timezone=Europe/Berlin',
    '--from=2026-10-25',
    '--to=2026-10-25',
    '--step=30m',
    '--format=victoriametrics',
  ]
  expect((await backfill(...flags)).code).toBe(0)
  const values = requestsOf(out, 'app')
  // A day of 25 hours, including both midnights.
  expect(values).toHaveLength(51)
  expect(values[0]).toEqual(['2026-10-24T22:00:00.000Z', 1])
  expect(values.at(-1)).toEqual(['2026-10-25T23:00:00.000Z', 4])
  expect([...contents(out)].every(([name, text]) => name.endsWith('.prom') && /\} 1 \d{13}\n/.test(text))).toBe(true)
})

it('ends at the values that a running exporter shows, including deleted logs and corrections', async () => {
  const place = home({
    'a/A.jsonl': lines(
      at('1', '2026-11-01T10:00:00.000Z'),
      line('msg_2/r2 o48 10/500', { line: { cwd: '/w/app', isSidechain: true } }),
    ),
    'a/B.jsonl': lines(at('3', '2026-11-02T10:00:00.000Z', 'gone')),
    'a/C.jsonl': lines(at('4', '2099-01-01T00:00:00.000Z', 'app'), at('5', 'no time', 'app')),
  })
  const exporter = await serve([place.configDir], {
    stateDir: place.stateDir,
    flags: ['--watch.mode=off', '--watch.sweep-interval=1s'],
  })
  onTestFinished(async () => {
    await exporter.stop()
  })
  await exporter.ready()
  rmSync(join(place.configDir, 'projects/a/B.jsonl'))
  appendFileSync(
    join(place.configDir, 'projects/a/A.jsonl'),
    lines(line('msg_2/r2 o48 10/100', { line: { cwd: '/w/app' } })),
  )
  await expect.poll(() => exporter.scrape(), { timeout: 60_000 }).toContain('corrections_total{reason="smaller"} 1')

  const { code, stderr } = await place.backfill('--step=1h')
  expect([code, stderr]).toEqual([0, ''])
  const ofTarget = { job: 'agent-usage', instance: '127.0.0.1:9853' }
  const key = ({ name, labels }: Sample): string => JSON.stringify([name, { ...labels, ...ofTarget }])
  const shown = samples(await exporter.scrape()).filter(({ name }) => /^agent_usage_(?!exporter)\w+_total$/.test(name))
  const last = new Map(valuesIn(place.out).map((one) => [key(one), one.value]))
  const told = shown.filter(({ name }) => name !== 'agent_usage_corrections_total')
  expect(last).toEqual(new Map(told.map((one) => [key(one), one.value])))
  // Usage without a timestamp belongs to no window: it is in the first value.
  const first = requestsOf(place.out, 'app')[0]!
  expect(first[1]).toBe(2)
})

it('omits series that the next scrape will show at 0, and reports them', async () => {
  const place = home(DAYS)
  const exporter = await serve([place.configDir], {
    stateDir: place.stateDir,
    flags: ['--watch.mode=off', '--watch.sweep-interval=1s'],
  })
  onTestFinished(async () => {
    await exporter.stop()
  })
  await exporter.ready()
  writeFileSync(join(place.configDir, 'projects/a/born.jsonl'), lines(at('9', '2026-11-02T12:00:00.000Z', 'born')))
  // A request from a browser is not a scrape.
  const seen = async () => (await fetch(`${exporter.url}/metrics`, { headers: { accept: 'text/html' } })).text()
  await expect.poll(seen, { timeout: 60_000 }).toContain('project="born"')
  const before = await place.backfill('--step=1h', '--to=2026-11-04')
  expect(before.code).toBe(0)
  expect(before.stdout).toContain('# Left out: 1 combination of agent, project and model')
  expect(requestsOf(place.out, 'born')).toEqual([])
  expect(requestsOf(place.out, 'new').at(-1)![1]).toBe(1)

  await exporter.scrape()
  await expect.poll(() => exporter.scrape(), { timeout: 60_000 }).toMatch(/requests_total\{[^}]*"born"[^}]*\} 1/)
  const after = await place.backfill('--step=1h', '--to=2026-11-04')
  expect(after.stdout).not.toContain('Left out')
  expect(requestsOf(place.out, 'born').at(-1)![1]).toBe(1)
})

it('neither overwrites nor removes files of others', async () => {
  const { out, backfill } = home(DAYS)
  mkdirSync(out)
  writeFileSync(join(out, '2026-11-02.om'), 'mine')
  writeFileSync(join(out, 'notes.txt'), 'notes')
  const refused = await backfill('--to=2026-11-03T12:00Z')
  expect([refused.code, refused.stdout]).toEqual([1, ''])
  expect(refused.stderr).toContain(
    '2026-11-02.om was not written by backfill and was left unchanged; choose another --output',
  )
  expect(contents(out)).toEqual(
    new Map([
      ['2026-11-02.om', 'mine'],
      ['notes.txt', 'notes'],
    ]),
  )

  rmSync(join(out, '2026-11-02.om'))
  expect((await backfill('--to=2026-11-03T12:00Z')).code).toBe(0)
  const others = await backfill('--to=2026-11-02T12:00Z')
  expect([others.code, others.stderr]).toEqual([
    1,
    expect.stringContaining('2026-11-03.om belongs to another backfill'),
  ])
  expect(readFileSync(join(out, 'notes.txt'), 'utf8')).toBe('notes')
})

const MANY = Object.fromEntries(
  Array.from({ length: 200 }, (_, n) => [`p${n}/A.jsonl`, lines(at(`${n}`, '2021-01-01T00:00:00.000Z', `p${n}`))]),
)

it.for([
  [
    'there is no step between --from and --to',
    DAYS,
    ['--from=2026-11-03T00:01:00Z', '--to=2026-11-03T00:02:00Z'],
    'no multiple of --step is between --from',
    2,
  ],
  [
    '--to is before --from',
    DAYS,
    ['--from=2026-11-03', '--to=2026-11-01'],
    '--to (2026-11-02T00:00:00.000Z) is before --from (2026-11-03',
    2,
  ],
  ['there is no usage', { 'a/A.jsonl': '' }, [], 'there is no usage in that time', 1],
  // This backfill would need 50 TB.
  ['the disk is too small', MANY, ['--step=1s'], 'are free; set a later --from', 1],
] as const)('reports that %s, and writes nothing', async ([, files, flags, words, exit]) => {
  const { out, backfill } = home(files)
  const { code, stdout, stderr } = await backfill(...flags)
  expect([code, stdout, stderr]).toEqual([exit, '', expect.stringContaining(words)])
  expect(readdirSync(join(out, '..')).includes('out') ? readdirSync(out) : []).toEqual([])
})
