// Builds the app for a command. If all logs have to be read, threads start before most of the program is loaded.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { stays } from '../config/commands.js'
import { packageVersion, type Config } from '../config/config.js'
import { BACKENDS } from '../decode/decoder.js'
import type { Demo } from '../demo/demo.js'
import { findRoots, firstWithLogs } from '../ingest/roots.js'
import { refuseBigEndian } from '../process/byte-order.js'
import type { Log } from '../process/log.js'
import { optimizeLater, shrinkHeap } from '../process/v8-flags.js'
import { withDirectories } from '../sources/index.js'
import { createPool, type ParserPool } from '../worker/pool.js'
import type { App } from './app.js'

export interface Launched {
  readonly app: App
  /** Set for the command `demo`. */
  readonly demo: Demo | undefined
}

/**
 * @param loadConfig reloads the configuration
 * @param readOnly writes nothing, and reads the state while another process may write it
 */
export async function launch(config: Config, loadConfig: () => Config, readOnly = false): Promise<Launched> {
  optimizeLater()
  refuseBigEndian()
  const pool = await startPool(config)
  const [{ createApp }, { createLog }] = await Promise.all([import('./app.js'), import('../process/log.js')])
  const tty = process.stderr.isTTY
  const log = await createLog({ level: config.logLevel, format: config.logFormat, tty })
  const progress =
    tty && config.logFormat !== 'json' ? await (await import('../process/progress.js')).createProgress() : undefined
  const demo = config.command === 'demo' ? await startDemo(config, log) : undefined
  const own = demo && { agents: undefined, directories: demo.directories, stateDir: demo.stateDir }
  const app = await createApp(
    { ...config, ...own },
    {
      version: packageVersion(),
      log,
      loadConfig: () => ({ ...loadConfig(), ...own }),
      setLogLevel: (level) => void (log.level = level),
      pool,
      collect: shrinkHeap,
      readOnly,
      ...(progress && { progress }),
    },
  )
  return { app, demo }
}

async function startPool(config: Config): Promise<ParserPool | undefined> {
  const { stateDir, parserBackend } = config
  // The main thread is one of them if it does not serve.
  const workers = stays(config.command) ? config.workers : config.workers - 1
  if (workers <= 0) return undefined
  // Beside the bundle that contains this module.
  const pool = createPool({ workers, filename: fileURLToPath(new URL('./worker.cjs', import.meta.url)) })
  const remembers = stateDir !== undefined && existsSync(stateDir)
  const source = remembers ? undefined : firstWithLogs(findRoots(withDirectories(config)).roots)
  if (source !== undefined) await pool.warm(source.agent, parserBackend === 'auto' ? BACKENDS[0] : parserBackend)
  return pool
}

async function startDemo({ seed }: Config, log: Log): Promise<Demo> {
  // Printed before anything else, and independent of the log level.
  process.stdout.write('This is a demo: all projects, tokens and costs are made up. Ctrl-C ends it and removes them.\n')
  const { createDemo } = await import('../demo/demo.js')
  return createDemo({ seed, log })
}
