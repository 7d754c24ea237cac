// Reloading of configuration and prices: real files, changed the way editors, people and Kubernetes change them.
import { mkdtempSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig, type Config } from '../../src/config/config.js'
import { createLiveConfig, type LiveConfig } from '../../src/app/live-config.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const budget = (limit: number | string): string => `budgets: [{ name: a, period: day, limit_usd: ${limit} }]\n`
const price = (input: number | string): string =>
  `models: { house-model: { prices: [{ input: ${input}, output: 10 }] } }\n`

interface Started {
  readonly liveConfig: LiveConfig
  readonly dir: string
  readonly file: string
  /** Limit of the current budget; 0 if there is none. */
  readonly limit: () => number
  /** Nano-dollars per input token of `house-model`; undefined without a price. */
  readonly input: () => number | undefined
  /** Looks twice, since a change is read at the second look that finds the same file. */
  readonly settle: () => Promise<void>
  /** Log lines since the last call, with their levels. */
  readonly said: () => readonly string[]
  /** Whether the last reload was accepted. */
  readonly taken: () => boolean | undefined
}

async function started(text: string, flags: readonly string[] = []): Promise<Started> {
  const dir = mkdtempSync(join(folder, 'in-force-'))
  const file = join(dir, 'c.yaml')
  writeFileSync(file, text)
  return startedWith(dir, file, flags)
}

async function startedWith(dir: string, file: string, flags: readonly string[] = []): Promise<Started> {
  const load = (): Config => loadConfig([`--config.file=${file}`, ...flags], { HOME: dir })
  let lines: string[] = []
  let taken: boolean | undefined
  const say = (level: string) => (fields: object, message: string) =>
    void lines.push(`${level}: ${message} ${JSON.stringify(fields)}`)
  const log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
  const liveConfig = await createLiveConfig(load(), {
    load,
    log,
    taken: () => (taken = true),
    refused: () => (taken = false),
  })
  return {
    liveConfig,
    dir,
    file,
    limit: () => liveConfig.config.budgets[0]?.limitUsd ?? 0,
    input: () => liveConfig.pricer.ratesNow('house-model', 0)?.input,
    async settle() {
      await liveConfig.look()
      await liveConfig.look()
    },
    said() {
      const said = lines
      lines = []
      return said
    },
    taken: () => taken,
  }
}

test('a change before the first look is read, and read only once', async () => {
  const { settle, limit, said, file } = await started(budget(1))
  writeFileSync(file, budget(20))
  await settle()
  expect(limit()).toBe(20)
  expect(said()).toEqual(['info: configuration reloaded {"changed":["budgets"]}'])
  await settle()
  expect(said()).toEqual([])
})

test('a file that differs at each look is not read before it stays the same', async () => {
  const { liveConfig, limit, settle, file, said } = await started(budget(1))
  await settle()
  for (const text of ['', budget(2), budget(20)]) {
    writeFileSync(file, text)
    await liveConfig.look()
    expect(limit()).toBe(1)
  }
  await liveConfig.look()
  expect(limit()).toBe(20)
  expect(said().filter((line) => !line.startsWith('debug'))).toHaveLength(1)
})

test('a replacement of the same size is read', async () => {
  const { limit, settle, file } = await started(budget(1))
  await settle()
  writeFileSync(`${file}.new`, budget(2))
  renameSync(`${file}.new`, file)
  await settle()
  expect(limit()).toBe(2)
})

test('a Kubernetes ConfigMap is read again when the link in its path is swapped', async () => {
  const dir = mkdtempSync(join(folder, 'mounted-'))
  const version = (name: string, text: string): void => {
    mkdirSync(join(dir, name))
    writeFileSync(join(dir, name, 'c.yaml'), text)
    symlinkSync(name, join(dir, '..data.new'))
    renameSync(join(dir, '..data.new'), join(dir, '..data'))
  }
  version('..1', budget(1))
  symlinkSync('..data/c.yaml', join(dir, 'c.yaml'))
  const { limit, settle } = await startedWith(dir, join(dir, 'c.yaml'))
  await settle()
  version('..2', budget(2))
  await settle()
  expect(limit()).toBe(2)
})

test('an invalid file is reported once and keeps the previous configuration, until a valid one replaces it', async () => {
  const { limit, settle, file, said, taken, liveConfig } = await started(budget(1))
  await settle()
  said()
  writeFileSync(file, budget(0))
  const complaint = [
    `error: configuration not reloaded: keeping the previous one ${JSON.stringify({
      reason: `${file}: budgets[0].limit_usd: "0": expected a number above 0 at line 1, column 46`,
    })}`,
  ]
  await settle()
  await settle()
  expect([limit(), taken(), said()]).toEqual([1, false, complaint])
  // An explicit reload reports it again.
  await liveConfig.reload()
  expect(said()).toEqual(complaint)
  rmSync(file)
  await settle()
  expect([limit(), taken()]).toEqual([1, false])
  expect(said()).toEqual([expect.stringContaining('no such file')])
  writeFileSync(file, budget(3))
  await settle()
  expect([limit(), taken(), said()]).toEqual([3, true, ['info: configuration reloaded {"changed":["budgets"]}']])
})

test('a reload keeps settings that need a restart and names them each time; a flag overrides the file', async () => {
  const { liveConfig, settle, file, said } = await started('log.level: warn\n', ['--watch.mode=polling'])
  await settle()
  said()
  writeFileSync(
    file,
    'log.level: debug\nweb: { telemetry-path: /m }\nwatch.mode: off\nparser.workers: 3\nweek-start: sunday\ntimezone: Asia/Tokyo\n',
  )
  await settle()
  expect(said()).toEqual([
    'info: configuration reloaded {"changed":["timezone","week-start","log.level"]}',
    'warn: these settings changed and need a restart {"settings":["web.telemetry-path","parser.workers"]}',
  ])
  const { logLevel, telemetryPath, watchMode, weekStart, timeZone } = liveConfig.config
  expect({ logLevel, telemetryPath, watchMode, weekStart, timeZone }).toEqual({
    logLevel: 'debug',
    telemetryPath: '/metrics',
    watchMode: 'polling',
    weekStart: 'sunday',
    timeZone: 'Asia/Tokyo',
  })
  expect(Object.isFrozen(liveConfig.config)).toBe(true)
  await liveConfig.reload()
  expect(said()).toEqual([
    'info: configuration reloaded {"changed":[]}',
    'warn: these settings changed and need a restart {"settings":["web.telemetry-path","parser.workers"]}',
  ])
})

test('prices follow changes of the file and of its name; an invalid file keeps the previous prices', async () => {
  const { dir, file, input, settle, said, taken } = await started('')
  const [one, other] = [join(dir, 'one.yaml'), join(dir, 'other.yaml')]
  await settle()
  expect(input()).toBeUndefined()
  writeFileSync(one, price(2))
  writeFileSync(file, 'prices.file: one.yaml\n')
  await settle()
  expect(input()).toBe(2000)
  said()
  writeFileSync(one, price(30))
  await settle()
  expect(input()).toBe(30_000)
  expect(said()).toEqual(['info: configuration reloaded {"changed":["prices"]}'])
  writeFileSync(one, price(-1))
  await settle()
  expect([input(), taken()]).toEqual([30_000, false])
  expect(said()).toEqual([expect.stringContaining('models.house-model.prices[0].input')])

  // `other.yaml` does not exist yet.
  writeFileSync(file, 'prices.file: other.yaml\nweek-start: friday\n')
  await settle()
  expect([input(), taken()]).toEqual([30_000, false])
  writeFileSync(other, price(4))
  await settle()
  expect([input(), taken()]).toEqual([4000, true])
  writeFileSync(file, '')
  await settle()
  expect(input()).toBeUndefined()
})
