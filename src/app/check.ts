// The command `check`: prints the effective settings and every mistake in them and in the files they name. Starts
// nothing.
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { whyUnreadable } from '../config/config-error.js'
import type { Config, ReadConfig } from '../config/config.js'
import { PUSH_FILES, pushSettings } from '../config/push-settings.js'
import { chooseBackend } from '../decode/engines.js'
import { findRoots, type Root } from '../ingest/roots.js'
import { loadBuiltInPrices, readPriceFile } from '../prices/price-file.js'
import { buildPriceTable } from '../prices/price-table.js'
import { SOURCES, withDirectories } from '../sources/index.js'
import { sectionsText, type Section } from './check-text.js'

export async function check({ config, shown, mistakes }: ReadConfig): Promise<number> {
  const wrong = mistakes.map(({ error }) => error.message)
  const attempt = async (files: readonly string[], work: () => Promise<string> | string): Promise<string> => {
    // A file that cannot be opened has already been reported.
    if (!files.every(isReadable)) return 'see the mistakes'
    try {
      return await work()
    } catch (error) {
      wrong.push((error as Error).message)
      return 'see the mistakes'
    }
  }
  const fileOf = (file: string | undefined): readonly string[] => (file === undefined ? [] : [file])
  const sections: readonly Section[] = [
    { title: 'Settings', rows: shown.map(({ name, text, from }) => [name, originOf(from), text || '-']) },
    {
      title: 'In use',
      rows: [
        [
          'budgets',
          config.budgets.map(({ name, period, limitUsd }) => `${name}: $${limitUsd} a ${period}`).join(', ') || 'none',
        ],
        ['prices', await attempt(fileOf(config.pricesFile), () => prices(config))],
        ['web', await attempt(fileOf(config.webConfigFile), () => web(config))],
        ['push', await attempt(pushFiles(shown), () => push(config))],
        ['decoder', decoder(config)],
        ['state', await attempt([], () => state(config))],
      ],
    },
    { title: 'Logs', rows: logs(config) },
  ]
  process.stdout.write(sectionsText(sections, process.stdout.isTTY ? process.stdout.columns : Infinity))
  if (wrong.length === 0) process.stdout.write('\nNo mistakes.\n')
  process.stderr.write(wrong.map((each) => `agent-usage-exporter: ${each}\n`).join(''))
  return wrong.length === 0 ? 0 : 2
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK)
    return !statSync(file).isDirectory()
  } catch {
    return false
  }
}

async function prices({ pricesFile }: Config): Promise<string> {
  const builtIn = loadBuiltInPrices()
  if (pricesFile === undefined) return `${count(builtIn.models)} built in`
  const own = await readPriceFile(pricesFile)
  buildPriceTable(builtIn, own)
  return `${count(builtIn.models)} built in, ${count(own.models)} in the file`
}

/** @throws Error if the state directory, or what it would be created in, is not a directory */
function state({ stateDir }: Config): string {
  if (stateDir === undefined) return 'not kept'
  let existing = stateDir
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing)
  if (!statSync(existing).isDirectory())
    throw new Error(`--state.dir: ${JSON.stringify(stateDir)}: ${existing} is not a directory`)
  try {
    accessSync(existing, constants.W_OK | constants.X_OK)
  } catch {
    // No mistake: the exporter may run as another user.
    return `this user may not write to ${existing}`
  }
  return existing === stateDir ? 'kept' : 'kept in a directory that will be created'
}

async function web({ webConfigFile }: Config): Promise<string> {
  if (webConfigFile === undefined) return 'plain HTTP, no sign-in'
  // Loaded only here, as in the server: most users have no such file.
  const { readWebConfig } = await import('../http/security/web-config.js')
  const { tls, users } = readWebConfig(webConfigFile)
  if (tls !== undefined) (await import('../http/security/tls.js')).readCertificates(tls)
  const scheme = tls === undefined ? 'plain HTTP' : `TLS, client certificates: ${tls.clientAuth}`
  return `${scheme}, ${users.size === 0 ? 'no sign-in' : `${users.size} user${users.size === 1 ? '' : 's'}`}`
}

/** The files named by settings for pushes. */
function pushFiles(shown: ReadConfig['shown']): readonly string[] {
  const names: readonly string[] = PUSH_FILES.map((file) => pushSettings[file].name)
  return shown.flatMap(({ name, text }) => (names.includes(name) ? [text] : []))
}

async function push({ push: config }: Config): Promise<string> {
  if (config === undefined) return 'off'
  const { url, intervalMs } = config.target
  const { readCredentials } = await import('../outputs/otlp/credentials.js')
  const { headers } = readCredentials(config.target)
  return `${url} every ${intervalMs / 1000} s, headers: ${Object.keys(headers).join(', ') || 'none'}`
}

function decoder({ parserBackend }: Config): string {
  const { backend, instead } = chooseBackend(parserBackend, SOURCES)
  return instead === undefined ? backend : `${backend}, because ${parserBackend} is not available: ${instead}`
}

/** Missing logs are not a mistake: the agent may be used for the first time later. */
function logs(config: Config): Section['rows'] {
  return findRoots(withDirectories(config)).roots.map(({ source: { agent }, ...root }) => [agent, ...stateOf(root)])
}

function stateOf({ wanted, path, unreachable }: Pick<Root, 'wanted' | 'path' | 'unreachable'>): readonly string[] {
  if (path === undefined)
    return unreachable === undefined ? ['missing', wanted] : ['unreadable', `${wanted}: ${unreachable}`]
  try {
    readdirSync(path)
    return ['found', path]
  } catch (error) {
    return ['unreadable', `${path}: ${whyUnreadable(error)}`]
  }
}

/** The key in the file, or the variable, follows from the name of the setting. */
function originOf(from: string): string {
  if (from === 'default') return from
  return from.startsWith('--') ? 'flag' : from.startsWith('environment') ? 'environment' : 'file'
}

const count = (models: object | undefined): string => {
  const amount = Object.keys(models ?? {}).length
  return `${amount} model${amount === 1 ? '' : 's'}`
}
