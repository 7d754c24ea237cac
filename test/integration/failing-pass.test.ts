// After a failed pass, even the first one, the next pass tries again. `once` has no next pass and fails.
import { expect, it, onTestFinished, vi } from 'vitest'
import { createApp, type App } from '../../src/app/app.js'
import { loadConfig } from '../../src/config/config.js'
import { samples } from '../support/exposition.js'
import { homes, requests, transcript } from './running.js'

const home = homes()

async function appOf(command: readonly string[]) {
  const { configDir, stateDir, dir } = home({ 'a/A.jsonl': transcript('/w/app', '1', '2') })
  const flags = [...command, `--claude.config-dir=${configDir}`, `--state.dir=${stateDir}`, '--parser.workers=0']
  const messages: string[] = []
  let url = ''
  const note = (_: object, message: string): void => void messages.push(message)
  const info = (fields: { url?: string }, message: string): void => {
    url = fields.url ?? url
    messages.push(message)
  }
  const app = await createApp(loadConfig(flags, { HOME: dir }), {
    version: '0',
    log: { debug: () => undefined, info, warn: note, error: note },
  })
  onTestFinished(() => app.stop())
  return { app, messages, url: () => url }
}

function failOnce({ state: { totals } }: App): void {
  vi.spyOn(totals, 'book').mockImplementationOnce(() => {
    throw new Error('broken')
  })
}

it('`serve` is not ready after a failed first pass, and ready after the next one', async () => {
  const { app, messages, url } = await appOf([
    'serve',
    '--web.listen-address=127.0.0.1:0',
    '--watch.mode=off',
    '--watch.sweep-interval=1s',
  ])
  failOnce(app)
  await app.serve()
  expect((await fetch(`${url()}/-/ready`)).status).toBe(503)
  expect(messages.slice(-1)).toEqual(['a pass failed; the next one tries again'])
  while ((await fetch(`${url()}/-/ready`)).status !== 200)
    expect(messages.filter((message) => message.startsWith('a pass failed'))).toHaveLength(1)
  const text = await (await fetch(`${url()}/metrics`)).text()
  expect(
    requests(
      samples(
        text
          .split('\n')
          .filter((one) => one.startsWith('agent_usage_'))
          .join('\n'),
      ),
    ),
  ).toBe(2)
  expect(messages.at(-1)).toBe('ready')
})

it('`once` fails with its pass and promises no other one', async () => {
  const { app, messages } = await appOf(['once'])
  failOnce(app)
  await expect(app.pass()).rejects.toThrow('broken')
  expect(messages.filter((message) => message.includes('again'))).toEqual([])
})
