// The program can be stopped at any moment of its start, and then no server is left listening.
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createApp, type App } from '../../src/app/app.js'
import { loadConfig } from '../../src/config/config.js'
import { homes, transcript } from './running.js'

const home = homes()
const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function appAt(port: number): Promise<App> {
  const { configDir, stateDir, dir } = home({ 'a/A.jsonl': transcript('/w/app', '1') })
  const flags = [
    `--claude.config-dir=${configDir}`,
    `--state.dir=${stateDir}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--parser.workers=0',
  ]
  return createApp(loadConfig(flags, { HOME: dir }), { version: '0', log: SILENT })
}

it('a stop at any moment of the start leaves no server', async () => {
  const port = await freePort()
  // The first start also loads modules, so it takes longer than the others.
  for (const turns of [0, 0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30]) {
    const app = await appAt(port)
    const serving = app.serve()
    for (let turn = 0; turn < turns; turn += 1) await setImmediate()
    await app.stop()
    await serving
    await expect(fetch(`http://127.0.0.1:${port}/-/healthy`), `after ${turns} turns`).rejects.toThrow()
  }
})

it('a program that was stopped before it serves does not listen', async () => {
  const port = await freePort()
  const app = await appAt(port)
  await app.stop()
  await app.serve()
  await expect(fetch(`http://127.0.0.1:${port}/-/healthy`)).rejects.toThrow()
})
