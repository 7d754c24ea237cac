// The exporter as a whole: commands and tests build, start and stop it.
import { stays } from '../config/commands.js'
import type { Config } from '../config/config.js'
import type { State } from '../core/state.js'
import type { Scrape } from '../http/server.js'
import type { PassReport } from '../ingest/pass-report.js'
import type { Format } from '../outputs/prometheus.js'
import type { AppOptions } from './app-options.js'
import { createLanding } from './landing.js'
import type { LiveConfig } from './live-config.js'
import { listen, type Listening } from './listening.js'
import { lineOf } from './troubles.js'
import { wire } from './wiring.js'

/** Work that can wait is done this long after the first pass. */
const IDLE_DELAY_MS = 200
/** How often the configuration and price files are checked. */
const LOOK_MS = 1_000

export interface App {
  /**
   * Listens, makes the first pass, then keeps watching. Resolves when the first pass has ended or `stop` was called
   * before.
   */
  serve(): Promise<void>
  /** Runs a full pass; resolves when its results are shown. */
  pass(): Promise<PassReport>
  print(format: Format): Promise<{ readonly contentType: string; readonly body: string }>
  scrape(format: Format): Promise<Scrape>
  /** Pushes the results of the pass. Resolves with whether all of it was accepted; true if push is not configured. */
  push(): Promise<boolean>
  readonly state: State
  readonly liveConfig: LiveConfig
  /** Reloads configuration and prices. Mistakes are logged, and the last good values stay in use. */
  reload(): Promise<void>
  /** Finishes the commit, closes everything. A second call waits for the first. */
  stop(): Promise<void>
}

/**
 * Opens the state and builds the parts, but starts nothing.
 * @throws StateError, and the error of an invalid price file
 */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const { log, version, pool, progress } = options
  const abort = new AbortController()
  const { signal } = abort
  const parts = await wire(config, options, { signal, passed: announceReady })
  const { state, scrape, complete, troubles, liveConfig, telemetry, watching } = parts

  let listening: Promise<Listening> | undefined
  let addresses: Listening | undefined
  let announced = false
  let looks: NodeJS.Timeout | undefined
  let idle: NodeJS.Timeout | undefined
  let stopping: Promise<void> | undefined

  /** Logs the addresses again as the last line of the start, where users look for them. */
  function announceReady(): void {
    if (!stays(config.command) || announced || !complete()) return
    announced = true
    addresses?.announce('ready')
  }

  function startListening(): Promise<Listening> {
    const demo = config.command === 'demo'
    const landing = createLanding({ ...parts, version, demo, health: () => telemetry.health() }, config)
    const pages = { scrape, ready: complete, troubles: () => troubles().map(lineOf), ...landing }
    return listen(config, { log, pages, webConfigFailed: () => telemetry.failed('web_config') })
  }

  /** Loads what the first request would otherwise wait for, after answering those who wait for readiness. */
  function warmUp(): void {
    parts.prepare()
    if (state.loaded) state.ledger.prepare()
    options.collect?.()
  }

  async function serve(): Promise<void> {
    if (signal.aborted) return
    if ((config.configFile ?? config.pricesFile) !== undefined)
      looks = setInterval(() => void liveConfig.look(), LOOK_MS)
    addresses = await (listening = startListening())
    if (isAborted(signal)) return
    addresses.announce('listening')
    // A failed pass is logged, and the sweep makes another one.
    await watching.pass().catch(() => undefined)
    if (isAborted(signal)) return
    idle = setTimeout(warmUp, IDLE_DELAY_MS)
    watching.startSweep()
  }

  async function stop(): Promise<void> {
    abort.abort()
    watching.stopSweep()
    clearInterval(looks)
    clearTimeout(idle)
    // Otherwise a server that is only starting would listen for ever.
    const server = await listening?.catch(() => undefined)
    await Promise.all([watching.closeWatchers(), server?.close(), pool?.close()])
    await watching.stopPasses()
    progress?.stop()
    // Everything is booked by now, and what the receiver acknowledges can still be stored.
    await parts.pushing?.stop()
    await parts.persistence.close()
  }

  return {
    state,
    liveConfig,
    scrape,
    async print(format) {
      const { contentType, body } = await scrape(format)
      return { contentType, body: body.toString() }
    },
    pass: () => watching.pass(),
    push: () => parts.pushing?.once() ?? Promise.resolve(true),
    reload: () => liveConfig.reload(),
    serve,
    stop: () => (stopping ??= stop()),
  }
}

/** Read again after an await, because the compiler assumes that it has not changed. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
