#!/usr/bin/env node
// Command line and signals: start, stop, exit code. 0: done as asked; 1: could not; 2: asked wrongly.
import { closeSync, existsSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { App } from './app/app.js'
import { compileLess } from './process/compiler.js'
import {
  ConfigError,
  HelpRequested,
  loadConfig,
  packageVersion,
  readConfig,
  type Config,
  type ReadConfig,
} from './config/config.js'
import type { Demo } from './demo/demo.js'
import { BACKENDS } from './decode/decoder.js'
import { findRoots, firstWithLogs } from './ingest/roots.js'
import type { Log } from './process/log.js'
import { giveMemoryBack, keepMemorySmall } from './process/memory.js'
import { checkOutput, print, writeOutput } from './app/output-file.js'
import { withDirectories } from './sources/index.js'
import { createPool, type ParserPool } from './worker/pool.js'

/** A stop that takes longer than this is ended: a service manager would do it less kindly. */
const STOP_MS = 4_500

async function main(): Promise<number> {
  compileLess()
  const argv = process.argv.slice(2)
  const read = readConfig(argv, process.env)
  const { config } = read
  if (config.command === 'check') return (await import('./app/check.js')).check(read)
  if (config.command === 'healthcheck') return healthcheck(argv, read)
  refuseMistakes(read)
  const load = (): Config => loadConfig(argv, process.env)
  if (config.command !== 'once') keepMemorySmall()
  if (config.output !== undefined) await checkOutput(config.output)
  const pool = await startPool(config)
  const [{ createApp }, { createLog }] = await Promise.all([import('./app/app.js'), import('./process/log.js')])
  const tty = process.stderr.isTTY
  const log = await createLog({ level: config.logLevel, format: config.logFormat, tty })
  const progress =
    tty && config.logFormat !== 'json' ? await (await import('./process/progress.js')).createProgress() : undefined
  const demo = config.command === 'demo' ? await startDemo(config, log) : undefined
  const places = demo && { directories: demo.directories, stateDir: demo.stateDir }
  const app = await createApp(
    { ...config, ...places },
    {
      version: packageVersion(),
      log,
      loadConfig: () => ({ ...load(), ...places }),
      setLogLevel: (level) => void (log.level = level),
      pool,
      collect: giveMemoryBack,
      ...(progress && { progress }),
    },
  )
  // `serve` has another use for the third.
  const stopped = stopOnSignal(app, config.command === 'once' ? ['SIGTERM', 'SIGINT', 'SIGHUP'] : ['SIGTERM', 'SIGINT'])
  // Where nobody waits for it, `stop` itself tells what went wrong.
  stopped.catch(() => undefined)
  if (config.command === 'once') return once(app, config)
  reloadOnHangUp(app, tty)
  return serve(app, stopped, demo)
}

async function healthcheck(argv: readonly string[], asked: ReadConfig): Promise<number> {
  const { argumentsOfContainer, healthcheck } = await import('./app/healthcheck.js')
  const given = argv.length === 1 ? argumentsOfContainer(process.argv[1]!) : []
  const read = given.length === 0 ? asked : readConfig(given, process.env)
  // With a mistake in its file an exporter that runs goes on.
  refuseMistakes({ mistakes: read.mistakes.filter(({ inFile }) => !inFile) })
  return healthcheck(read)
}

function refuseMistakes({ mistakes }: Pick<ReadConfig, 'mistakes'>): void {
  if (mistakes[0] !== undefined) throw mistakes[0].error
}

/** Its threads start before the rest of the program is loaded, where all logs will have to be read. */
async function startPool({ workers, stateDir, directories, parserBackend }: Config): Promise<ParserPool | undefined> {
  if (workers === 0) return undefined
  const pool = createPool({ workers, filename: fileURLToPath(new URL('./worker.cjs', import.meta.url)) })
  const remembers = stateDir !== undefined && existsSync(stateDir)
  const source = remembers ? undefined : firstWithLogs(findRoots(withDirectories(directories)).roots)
  if (source !== undefined) await pool.warm(source.agent, parserBackend === 'auto' ? BACKENDS[0] : parserBackend)
  return pool
}

async function startDemo({ seed }: Config, log: Log): Promise<Demo> {
  // Before anything else that the user sees, and whatever the log's level.
  process.stdout.write('This is a demo: all projects, tokens and costs are made up. Ctrl-C ends it and removes them.\n')
  const { createDemo } = await import('./demo/demo.js')
  return createDemo({ seed, log })
}

async function once(app: App, { output }: Config): Promise<number> {
  try {
    const { aborted } = await app.pass()
    if (aborted) return 1
    const { body, sent } = await app.scrape('text')
    if (output === undefined) await print(body)
    else {
      await writeOutput(output, body)
      sent()
    }
    return 0
  } finally {
    await app.stop()
  }
}

async function serve(app: App, stopped: Promise<void>, demo?: Demo): Promise<number> {
  const served = async (): Promise<void> => {
    await demo?.plant()
    await app.serve()
    demo?.keepGrowing()
  }
  try {
    await Promise.race([served(), stopped])
  } catch (error) {
    await app.stop()
    throw error
  }
  await stopped
  return 0
}

/** Resolves when a signal came and everything is closed. */
function stopOnSignal(app: App, signals: readonly NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      setTimeout(() => process.exit(1), STOP_MS).unref()
      app.stop().then(resolve, reject)
    }
    for (const signal of signals) process.once(signal, stop)
  })
}

/** SIGHUP asks for a reload, but also comes when the terminal is closed that the program was started in. */
function reloadOnHangUp(app: App, tty: boolean): void {
  const hangUp = (): void => {
    if (!tty || hasTerminal()) void app.reload()
    else {
      // It dies of the signal as if nobody had caught it: Node 20 cannot exit once its terminal is gone, it aborts.
      process.off('SIGHUP', hangUp)
      const die = (): void => void process.kill(process.pid, 'SIGHUP')
      app.stop().then(die, die)
    }
  }
  process.on('SIGHUP', hangUp)
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof HelpRequested) {
      process.stdout.write(error.text, () => process.exit(0))
      return
    }
    process.stderr.write(`agent-usage-exporter: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(error instanceof ConfigError ? 2 : 1)
  },
)
