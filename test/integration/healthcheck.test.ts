// `healthcheck` of the built program against the built program: an exporter that responds is healthy, however it is configured.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { pemFile } from '../support/https.js'
import { argumentsOfContainer } from '../../src/app/healthcheck.js'
import { mainFile, serve, type Served } from '../support/program.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()

interface Verdict {
  readonly code: number
  readonly says: string
}

function healthcheck(...flags: readonly string[]): Promise<Verdict> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AGENT_USAGE_'))
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [mainFile, 'healthcheck', ...flags],
      { env: Object.fromEntries(kept) },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), says: stdout + stderr }),
    )
  })
}

const WELL: Verdict = { code: 0, says: '' }
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const tls = `tls_server_config:\n  cert_file: ${pemFile('server')}\n  key_file: ${pemFile('server')}\n`
const users = 'basic_auth_users:\n  prometheus: $2y$10$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze\n'
const certificates = (type: string): string => `  client_auth_type: ${type}\n`

async function on(port: string, start: Promise<Served>): Promise<Served & { readonly port: string }> {
  const served = await start
  return { ...served, port: port === '' ? new URL(served.url).port : port }
}

describe('an exporter without a web configuration', () => {
  let served: Served & { readonly port: string }
  beforeAll(async () => (served = await on('', serve([folder]))))
  afterAll(() => served.stop())

  it.each([
    ['its address', '127.0.0.1'],
    ['its host name', 'localhost'],
    ['every interface', '0.0.0.0'],
    ['every interface, written without a host', ''],
    ['every interface, including IPv6', '[::]'],
  ])('is healthy if web.listen-address is %s', async (_, host) => {
    expect(await healthcheck(`--web.listen-address=${host}:${served.port}`)).toEqual(WELL)
  })

  it('is asked at the first address, which may come from the file', async () => {
    const config = file('exporter.yaml', `web.listen-address: ["127.0.0.1:${served.port}", "127.0.0.1:1"]\n`)
    expect(await healthcheck(`--config.file=${config}`)).toEqual(WELL)
    expect(
      (await healthcheck('--web.listen-address=127.0.0.1:1', `--web.listen-address=127.0.0.1:${served.port}`)).code,
    ).toBe(1)
  })

  it('is healthy even if its configuration file has a mistake', async () => {
    const config = file(
      'spoilt.yaml',
      `web.listen-address: "127.0.0.1:${served.port}"\nlog.level: loud\nbudgets: none\n`,
    )
    expect(await healthcheck(`--config.file=${config}`)).toEqual(WELL)
  })

  it('is healthy even if pushes fail', async () => {
    const listen = `--web.listen-address=127.0.0.1:${served.port}`
    for (const flags of [[], ['--otlp.headers-file=/gone'], [`--otlp.ca-file=${file('spoilt.pem', 'none')}`]])
      expect(await healthcheck(listen, '--otlp.endpoint=http://127.0.0.1:1', ...flags)).toEqual(WELL)
  })

  it('is healthy even if TLS is configured for the next start', async () => {
    expect(
      await healthcheck(
        `--web.listen-address=127.0.0.1:${served.port}`,
        `--web.config.file=${file('tls-soon.yml', tls)}`,
      ),
    ).toEqual(WELL)
  })
})

describe.each([
  ['a password', users],
  ['TLS', tls],
  ['TLS and a password', tls + users],
  ['any client certificate', tls + certificates('RequireAnyClientCert')],
  [
    'client certificates of an authority',
    `${tls}${certificates('RequireAndVerifyClientCert')}  client_ca_file: ${pemFile('authority')}\n`,
  ],
])('an exporter with %s', (name, text) => {
  it('is healthy until it stops', async () => {
    const config = file(`${name}.yml`, text)
    const served = await on('', serve([folder], { flags: [`--web.config.file=${config}`] }))
    const flags = [`--web.listen-address=127.0.0.1:${served.port}`, `--web.config.file=${config}`]
    expect(await healthcheck(...flags)).toEqual(WELL)
    await served.stop()
    const { code, says } = await healthcheck(...flags)
    expect({ code, lines: says.trim().split('\n').length }).toEqual({ code: 1, lines: 1 })
    expect(says).toContain('ECONNREFUSED')
  })
})

describe('the check fails for', () => {
  async function listening(server: Server): Promise<string> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    return `--web.listen-address=127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it('a process that hangs', async () => {
    expect(
      await healthcheck(await listening(createServer((socket) => void socket.on('error', () => undefined)))),
    ).toMatchObject({
      code: 1,
      says: expect.stringContaining('timed out after 3 s') as string,
    })
  })

  it('another program in its place', async () => {
    const other = createHttpServer((_, response) => void response.writeHead(404).end())
    expect(await healthcheck(await listening(other))).toMatchObject({
      code: 1,
      says: expect.stringContaining('status 404') as string,
    })
  })

  it('port 0 and an invalid address', async () => {
    expect(await healthcheck('--web.listen-address=127.0.0.1:0')).toMatchObject({
      code: 1,
      says: expect.stringContaining('port 0') as string,
    })
    expect(await healthcheck('--web.listen-address=9000')).toMatchObject({ code: 2 })
  })
})

describe('in a container', () => {
  it.each([
    [
      ['node', '/app/dist/main.js', '--web.listen-address=:9900', 'serve'],
      ['--web.listen-address=:9900', 'serve'],
    ],
    [
      ['/sbin/docker-init', '--', 'node', '/app/dist/main.js', '--web.config.file', '/a b'],
      ['--web.config.file', '/a b'],
    ],
    [['node', '/app/dist/main.js'], []],
    [['sleep', '1'], []],
  ])('the arguments of process 1 are read: %j has %j', (words, args) => {
    expect(
      argumentsOfContainer('/app/dist/main.js', file('cmdline', words.map((word) => `${word}\0`).join(''))),
    ).toEqual(args)
  })

  it('process 1 has no arguments if its file does not exist', () => {
    expect(argumentsOfContainer('/app/dist/main.js', join(folder, 'absent'))).toEqual([])
  })
})
