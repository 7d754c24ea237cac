// The exporter as a whole: built, started and stopped in order, by the commands and by tests.
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

/** What can wait is done this long after the first pass. */
const IDLE_DELAY_MS = 200
/** How often the configuration and price files are looked at. */
const LOOK_MS = 1_000

export interface App {
  /** Listens, makes the first pass, then keeps watching. Resolves when the first pass has ended, or `stop` came before. */
  serve(): Promise<void>
  /** Looks at everything once; resolves when it shows. */
  pass(): Promise<PassReport>
  print(format: Format): Promise<{ readonly contentType: string; readonly body: string }>
  scrape(format: Format): Promise<Scrape>
  /** Pushes what the pass found. Answers whether all of it was accepted; true where nothing is to be pushed. */
  push(): Promise<boolean>
  readonly state: State
  readonly liveConfig: LiveConfig
  /** Reads configuration and prices again; what is wrong with them is logged, and the last good ones stay in use. */
  reload(): Promise<void>
  /** Finishes the commit, closes everything. A second call waits for the first. */
  stop(): Promise<void>
}

/** Opens the state and builds the parts; nothing runs yet. @throws StateError, and what a bad price file throws */
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

  /** Logs the addresses again, as the last line of a start: whoever started it looks for them there. */
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

  /** What the first to ask would have to wait for; those who wait for the start to be ready come first. */
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
    // One that fails was logged, and the sweep makes another.
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
    // One that is only starting would listen for ever.
    const server = await listening?.catch(() => undefined)
    await Promise.all([watching.closeWatchers(), server?.close(), pool?.close()])
    await watching.stopPasses()
    progress?.stop()
    // Everything is booked, and what the receiver acknowledges can still be stored.
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

/** Asked again after an await, where the compiler believes it knows. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
