// The command `healthcheck`: asks the exporter with these settings whether it answers, for container engines and
// supervisors. A process that refuses to let us in is alive, too; so is one that keeps its last good settings.
import { readFileSync } from 'node:fs'
import { request as plainRequest, type RequestOptions } from 'node:http'
import { isMap, readYaml } from '../config/yaml-file.js'
import type { Config, ReadConfig } from '../config/config.js'

/** Supervisors usually wait for five seconds. */
const TIMEOUT_MS = 3_000
/** OK; not signed in; too many requests; too many sign-ins at a time. */
const ALIVE: readonly (number | undefined)[] = [200, 401, 429, 503]

/**
 * Resolves with the exit code.
 * @param argv its own arguments; if there is only the command, the arguments of the exporter in the same container are
 * used
 */
export async function healthcheck(
  argv: readonly string[],
  asked: ReadConfig,
  readConfig: (argv: readonly string[]) => ReadConfig,
): Promise<number> {
  const given = argv.length === 1 ? argumentsOfContainer(process.argv[1]!) : []
  const { config, mistakes } = given.length === 0 ? asked : readConfig(given)
  // A running exporter keeps working despite a mistake in its file.
  const mistake = mistakes.find(({ inFile }) => !inFile)
  if (mistake !== undefined) throw mistake.error
  const problem = await problemOf(config)
  if (problem === undefined) return 0
  // The settings may have become invalid since the exporter read them.
  const also = mistakes.map(({ error }) => `; ${error.message}`).join('')
  process.stderr.write(`agent-usage-exporter: ${problem}${also}\n`)
  return 1
}

/**
 * The arguments of the container's process, if that is this program: a health check itself gets none of them.
 * @param script the running file
 */
export function argumentsOfContainer(script: string, commandLine = '/proc/1/cmdline'): readonly string[] {
  try {
    const words = readFileSync(commandLine, 'utf8').split('\0').slice(0, -1)
    // An init process may come first.
    const at = words.indexOf(script)
    return at < 0 ? [] : words.slice(at + 1)
  } catch {
    // Not on Linux.
    return []
  }
}

async function problemOf({ listen, webConfigFile }: Config): Promise<string | undefined> {
  const { host, port } = listen[0]!
  if (port === 0) return '--web.listen-address: port 0 is replaced by a free port at start; set the port to check'
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const said: string[] = []
  for (const scheme of schemesOf(webConfigFile)) {
    for (const name of hostsOf(host)) {
      const url = `${scheme}://${name}:${port}/-/healthy`
      const problem = await ask(url, signal)
      if (problem === undefined) return undefined
      said.push(`${url}: ${problem}`)
    }
  }
  return `no answer: ${said.join('; ')}`
}

/** An address for all interfaces cannot be connected to. */
function hostsOf(host: string): readonly string[] {
  if (host === '' || host === '0.0.0.0') return ['127.0.0.1']
  if (/^[0:]+$/.test(host)) return ['[::1]', '127.0.0.1']
  return [host.includes(':') ? `[${host}]` : host]
}

/**
 * The scheme that the file states, then the other one, because turning TLS on or off needs a restart. Nothing else in
 * the file matters here.
 */
function schemesOf(webConfigFile: string | undefined): readonly ('http' | 'https')[] {
  if (webConfigFile === undefined) return ['http']
  try {
    const { content } = readYaml(webConfigFile)
    const tls = isMap(content) && content['tls_server_config']
    if (!isMap(tls) || Object.keys(tls).length === 0) return ['http', 'https']
  } catch {
    // The exporter keeps the values that it read before.
  }
  return ['https', 'http']
}

async function ask(url: string, signal: AbortSignal): Promise<string | undefined> {
  const tls = url.startsWith('https:')
  const request = tls ? (await import('node:https')).request : plainRequest
  // The question is whether it is alive, not who it is.
  const options: RequestOptions & { rejectUnauthorized?: boolean } = {
    agent: false,
    signal,
    ...(tls && { rejectUnauthorized: false }),
  }
  return new Promise((resolve) => {
    let shookHands = false
    const asked = request(url, options, (response) => {
      response.resume()
      resolve(ALIVE.includes(response.statusCode) ? undefined : `status ${response.statusCode}: not this exporter`)
    })
    asked.on('socket', (socket) => socket.on('secureConnect', () => (shookHands = true)))
    asked.on('error', (error: NodeJS.ErrnoException) => {
      // A server that requires a client certificate closes the connection during the TLS handshake or right after it.
      const refused = shookHands || /^ERR_SSL_.*ALERT/.test(error.code ?? '')
      if (signal.aborted) resolve(`timed out after ${TIMEOUT_MS / 1000} s`)
      else resolve(refused ? undefined : (error.code ?? error.message))
    })
    asked.end()
  })
}
