// Pushes of the built program: nothing without the flag, OpenTelemetry's variables, the push of `once`, and a stop while the
// receiver hangs.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startReceiver, type Receiver } from '../support/otlp-receiver.js'
import { line, lines } from '../support/line.js'
import { mainFile } from '../support/program.js'
import { plant, temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const SECRET = 'hunter2-hunter2'

const response = (project: string, id: string): string =>
  lines(line(`msg_${id}/r${id} o48 10/160`, { line: { cwd: `/w/${project}` } }))

interface Home {
  readonly configDir: string
  readonly flags: readonly string[]
}

function newHome(): Home {
  const home = mkdtempSync(join(folder, 'home-'))
  const configDir = plant(join(home, 'config'), { 'a/A.jsonl': response('old', '1') })
  const flags = [`--claude.config-dir=${configDir}`, `--state.dir=${join(home, 'state')}`, '--log.format=json']
  return { configDir, flags }
}

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the program asynchronously, since the receiver is in this process. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}, nodeFlags: readonly string[] = []): Promise<Ended> {
  const child = spawn(process.execPath, [...nodeFlags, mainFile, ...args], { env: { HOME: folder, ...env } })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
}

const variables = ({ url }: Receiver): NodeJS.ProcessEnv => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${SECRET},x-team=blue`,
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_METRIC_EXPORT_INTERVAL: '1000',
  OTEL_SERVICE_NAME: 'usage',
  OTEL_RESOURCE_ATTRIBUTES: 'team=blue%20sky,service.instance.id=mine',
})

/** Module hooks that print each loaded file. */
const TRACE = join(folder, 'trace.mjs')
const HOOKS = join(folder, 'hooks.mjs')

it('loads no code for pushes and sends nothing without the flag, whatever OTEL_* variables are set', async () => {
  writeFileSync(TRACE, `import { register } from 'node:module'; register(${JSON.stringify(`file://${HOOKS}`)})`)
  writeFileSync(
    HOOKS,
    `import { writeSync } from 'node:fs'
    export async function load(url, context, next) { writeSync(2, 'LOADED ' + url + '\\n'); return next(url, context) }`,
  )
  const receiver = await startReceiver()
  const { flags } = newHome()
  const loaded = async (...more: readonly string[]): Promise<string[]> => {
    const { code, stderr } = await run(['once', ...flags, ...more], variables(receiver), ['--import', TRACE])
    expect(code).toBe(0)
    return stderr.split('\n').flatMap((one) => /^LOADED file:.*\/(dist\/.*|node_modules\/.*)/.exec(one)?.[1] ?? [])
  }
  const without = await loaded()
  expect(without).toContain('dist/main.js')
  expect(without.filter((file) => /pushing|opentelemetry|\/esm\.js/.test(file))).toEqual([])
  expect(receiver.pushes).toEqual([])
  const withFlag = await loaded('--otlp.endpoint=env')
  expect(withFlag).toContain('dist/pushing.js')
  expect(receiver.pushes).toHaveLength(1)
})

it('reads OpenTelemetry’s variables with --otlp.endpoint=env', async () => {
  const receiver = await startReceiver()
  const { flags } = newHome()
  const { code, stderr, stdout } = await run(['once', ...flags, '--otlp.endpoint=env'], variables(receiver))
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining(SECRET) as string })
  const [push] = receiver.pushes
  expect(push!.headers).toMatchObject({ authorization: `Bearer ${SECRET}`, 'x-team': 'blue' })
  expect(push!.resource).toMatchObject({ 'service.name': 'usage', team: 'blue sky' })
  const [, uuid] = /agent_usage_exporter_instance_info\{id="([^"]+)"\}/.exec(stdout)!
  expect(push!.resource['service.instance.id']).toBe(uuid)
})

it('`once` exits with 1 if its push is not accepted, and sends new series at 0 before their values', async () => {
  const receiver = await startReceiver()
  const { flags, configDir } = newHome()
  const once = (): Promise<Ended> => run(['once', ...flags, `--otlp.endpoint=${receiver.url}`])
  receiver.reply({ status: 401 })
  const refused = await once()
  expect(refused.code).toBe(1)
  expect(refused.stdout).toContain('agent_usage_requests_total')
  expect(refused.stderr).toContain('"reason":"auth","status":401')
  expect((await once()).code).toBe(0)
  writeFileSync(join(configDir, 'projects/a/B.jsonl'), response('new', '2'))
  expect((await once()).code).toBe(0)
  const values = receiver.pushes.map(({ points }) =>
    points.filter(({ name }) => name === 'agent_usage_requests_total').map(({ value }) => value),
  )
  expect(values).toEqual([[1], [1], [1, 0], [1, 1]])
})

it.each(['hangs', 'is gone'])('stops in time if the receiver %s', async (how) => {
  const receiver = await startReceiver()
  if (how === 'hangs') receiver.reply('hang', 'hang', 'hang')
  const { flags } = newHome()
  const args = [mainFile, 'serve', ...flags, '--web.listen-address=127.0.0.1:0', `--otlp.endpoint=${receiver.url}`]
  const child = spawn(process.execPath, args, { env: { HOME: folder }, stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  const gone = new Promise((resolve) => child.once('close', resolve))
  await expect.poll(() => receiver.pushes.length, { timeout: 60_000 }).toBe(1)
  if (how === 'is gone') await receiver.close()
  child.kill('SIGTERM')
  // The exit code is 1 if the stop takes too long.
  expect(await gone).toBe(0)
  expect(receiver.pushes).toHaveLength(how === 'hangs' ? 2 : 1)
  // The last push was tried.
  expect(log).toContain(how === 'hangs' ? '"reason":"timeout"' : '"reason":"connect"')
})

it('`check` prints the endpoint and only the names of headers, and errors name the place', () => {
  const { flags } = newHome()
  const headersFile = join(folder, 'headers')
  const check = (text: string, env: NodeJS.ProcessEnv = {}, ...more: readonly string[]) => {
    writeFileSync(headersFile, text)
    const args = ['check', ...flags, `--otlp.headers-file=${headersFile}`, ...more]
    return spawnSync(process.execPath, [mainFile, ...args], { env: { HOME: folder, ...env }, encoding: 'utf8' })
  }
  const right = check(`Authorization: Bearer ${SECRET}\n`, {}, '--otlp.endpoint=http://127.0.0.1:4318')
  expect(right.status).toBe(0)
  expect(right.stdout).toMatch(
    /^ {2}push +http:\/\/127\.0\.0\.1:4318\/v1\/metrics every 60 s, headers: authorization$/m,
  )
  const wrong = check(`Bearer ${SECRET}\n`, {}, '--otlp.endpoint=http://127.0.0.1:4318')
  expect(wrong.status).toBe(2)
  expect(wrong.stderr).toContain(`${headersFile}: line 1: expected NAME: VALUE`)
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317', OTEL_EXPORTER_OTLP_HEADERS: `${SECRET},a=b` }
  const variable = check('', env, '--otlp.endpoint=env')
  expect(variable.stderr).toContain('environment variable OTEL_EXPORTER_OTLP_HEADERS: pair 1: expected NAME=VALUE')
  for (const { stdout, stderr } of [right, wrong, variable]) expect(stdout + stderr).not.toContain(SECRET)
})
