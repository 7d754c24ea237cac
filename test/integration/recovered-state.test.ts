// A state that was set aside but can be read at a later start is counted again, together with newer usage and only once.
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  readFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { homes, requests, running, transcript, type Home } from './running.js'

const home = homes()
const ASIDE = 'broken-2026-01-01T00-00-00.000Z'

it('merges a readable state that was set aside, counting each response once', async () => {
  const planted = home({ 'a/A.jsonl': transcript('/w/app', '1', '2'), 'b/B.jsonl': transcript('/w/lost', '3') })
  await stopped(planted)
  renameSync(join(planted.stateDir, 'state.journal'), join(planted.stateDir, `state.journal.${ASIDE}`))
  rmSync(join(planted.configDir, 'projects/b'), { recursive: true })
  writeFileSync(join(planted.configDir, 'projects/a/C.jsonl'), transcript('/w/app', '4'))

  const { app, scrape, complaints } = await running(planted)
  expect(requests(await scrape())).toBe(4)
  expect(complaints).toMatchObject([{ level: 'warn', message: expect.stringContaining('recovered') as string }])
  await app.stop()
  expect(readdirSync(planted.stateDir).sort()).toEqual([
    'lock',
    'state.journal',
    `state.journal.${ASIDE.replace('broken', 'recovered')}`,
  ])
  const again = await running(planted)
  expect([requests(await again.scrape()), again.complaints]).toEqual([4, []])
})

it('merges a database of an earlier layout as well', async () => {
  const planted = home({ 'a/A.jsonl': transcript('/w/app', '1') })
  mkdirSync(planted.stateDir)
  const fixture = fileURLToPath(new URL('../fixtures/states/layout-2.mdb.gz', import.meta.url))
  writeFileSync(join(planted.stateDir, `state.mdb.${ASIDE}`), gunzipSync(readFileSync(fixture)))
  const { scrape } = await running(planted)
  expect(requests(await scrape())).toBe(714 + 1)
})

it('leaves a state that is still damaged alone', async () => {
  const planted = home({ 'a/A.jsonl': transcript('/w/app', '1') })
  await stopped(planted)
  const aside = join(planted.stateDir, `state.journal.${ASIDE}`)
  copyFileSync(join(planted.stateDir, 'state.journal'), aside)
  const bytes = readFileSync(aside)
  bytes[bytes.indexOf('claude-opus')]! ^= 1
  writeFileSync(aside, bytes)
  const { scrape, complaints } = await running(planted)
  expect([requests(await scrape()), complaints]).toEqual([1, []])
  expect(readFileSync(aside)).toEqual(bytes)
})

it('reports a recovered state without new usage once', async () => {
  const planted = home({ 'a/A.jsonl': transcript('/w/app', '1') })
  await stopped(planted)
  copyFileSync(join(planted.stateDir, 'state.journal'), join(planted.stateDir, `state.journal.${ASIDE}`))
  const complaints = []
  for (let start = 0; start < 2; start += 1) {
    const { app, scrape, complaints: ofStart } = await running(planted)
    expect(requests(await scrape())).toBe(1)
    complaints.push(ofStart.length)
    await app.stop()
  }
  expect(complaints).toEqual([1, 0])
})

it.runIf(process.platform !== 'win32')(
  'starts even if a pipe, a dangling link, a directory or another user’s file lies among the states set aside',
  async () => {
    const planted = home({ 'a/A.jsonl': transcript('/w/app', '1') })
    await stopped(planted)
    const aside = (name: string): string => join(planted.stateDir, `state.journal.broken-${name}`)
    execFileSync('mkfifo', [aside('pipe')])
    symlinkSync('/nowhere', aside('link'))
    mkdirSync(aside('directory'))
    copyFileSync(join(planted.stateDir, 'state.journal'), aside('another'))
    const refusing = {
      ...fs,
      openSync: (...args: Parameters<typeof fs.openSync>) => {
        if (args[0] === aside('another'))
          throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
        return fs.openSync(...args)
      },
    }
    const { scrape, complaints } = await running(planted, [], { storeMachine: { files: refusing } })
    expect([requests(await scrape()), complaints]).toEqual([1, []])
    expect(readdirSync(planted.stateDir).filter((name) => name.includes('.broken-'))).toHaveLength(4)
  },
)

async function stopped(planted: Home): Promise<void> {
  await (await running(planted)).app.stop()
}
