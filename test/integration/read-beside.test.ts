// An app that only reads knows all that the exporter beside it knows, and what came since, and leaves no trace.
import { appendFileSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createApp, type App } from '../../src/app/app.js'
import { loadConfig } from '../../src/config/config.js'
import { samples } from '../support/exposition.js'
import { homes, requests, transcript, type Home } from './running.js'

const home = homes()
const ignore = (): void => undefined
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore }

async function appOf({ configDir, stateDir, dir }: Home, readOnly: boolean): Promise<App> {
  const flags = ['once', `--claude.config-dir=${configDir}`, `--state.dir=${stateDir}`, '--parser.workers=0']
  const app = await createApp(loadConfig(flags, { HOME: dir }), { version: '0', log, readOnly })
  onTestFinished(() => app.stop())
  return app
}

async function counted(app: App): Promise<number> {
  await app.pass()
  return requests(samples((await app.print('text')).body))
}

/** What lies in a directory, and when it was changed. */
const traceOf = (dir: string): readonly unknown[] =>
  readdirSync(dir).map((name) => {
    const path = join(dir, name)
    return [name, statSync(path).mtimeMs, readFileSync(path).toString('base64')]
  })

it('counts what was deleted and what was not read yet, and writes nothing', async () => {
  const at = home({ 'a/A.jsonl': transcript('/w/app', '1', '2'), 'a/B.jsonl': transcript('/w/app', '3') })
  const writer = await appOf(at, false)
  expect(await counted(writer)).toBe(3)
  rmSync(join(at.configDir, 'projects/a/B.jsonl'))
  appendFileSync(join(at.configDir, 'projects/a/A.jsonl'), transcript('/w/app', '4'))
  const before = traceOf(at.stateDir)
  const reader = await appOf(at, true)
  expect(await counted(reader)).toBe(4)
  expect(reader.state.instance).toBe(writer.state.instance)
  await reader.stop()
  expect(traceOf(at.stateDir)).toEqual(before)
})

it('reads up to the last whole commit', async () => {
  const at = home({ 'a/A.jsonl': transcript('/w/app', '1', '2') })
  const writer = await appOf(at, false)
  await counted(writer)
  await writer.stop()
  rmSync(join(at.configDir, 'projects/a/A.jsonl'))
  const journal = join(at.stateDir, 'state.journal')
  // The start of a commit, as it is seen while it is being written.
  appendFileSync(journal, readFileSync(journal).subarray(-100))
  expect(await counted(await appOf(at, true))).toBe(2)
})

it('without any state goes by the logs; one that it cannot read is no state', async () => {
  const at = home({ 'a/A.jsonl': transcript('/w/app', '1', '2') })
  expect(await counted(await appOf(at, true))).toBe(2)
  expect(() => statSync(at.stateDir)).toThrow('ENOENT')

  const writer = await appOf(at, false)
  await counted(writer)
  await writer.stop()
  writeFileSync(join(at.stateDir, 'state.journal'), 'something else')
  await expect(appOf(at, true)).rejects.toThrow(/^cannot read the state in .*; --state\.dir=none uses only the logs/)
})
