// A read-only app counts what the running exporter has stored and what was logged since, and writes nothing.
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

/** Names, modification times and contents of the files in a directory. */
const traceOf = (dir: string): readonly unknown[] =>
  readdirSync(dir).map((name) => {
    const path = join(dir, name)
    return [name, statSync(path).mtimeMs, readFileSync(path).toString('base64')]
  })

it('counts deleted and unread logs, and writes nothing', async () => {
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

it('reads up to the last complete commit', async () => {
  const at = home({ 'a/A.jsonl': transcript('/w/app', '1', '2') })
  const writer = await appOf(at, false)
  await counted(writer)
  await writer.stop()
  rmSync(join(at.configDir, 'projects/a/A.jsonl'))
  const journal = join(at.stateDir, 'state.journal')
  // The start of a commit that is being written.
  appendFileSync(journal, readFileSync(journal).subarray(-100))
  expect(await counted(await appOf(at, true))).toBe(2)
})

it('reads only the logs if there is no state, and rejects a state that it cannot read', async () => {
  const at = home({ 'a/A.jsonl': transcript('/w/app', '1', '2') })
  expect(await counted(await appOf(at, true))).toBe(2)
  expect(() => statSync(at.stateDir)).toThrow('ENOENT')

  const writer = await appOf(at, false)
  await counted(writer)
  await writer.stop()
  writeFileSync(join(at.stateDir, 'state.journal'), 'something else')
  await expect(appOf(at, true)).rejects.toThrow(/^cannot read the state in .*; --state\.dir=none uses only the logs/)
})
