// The composition root: the only file that sees everything. Wires the parts, starts and stops them in order.
import { randomUUID } from 'node:crypto'
import type { Config } from './config.js'
import { chooseBackend } from './decode/engines.js'
import type { State } from './core/state.js'
import type { RunningServer } from './http/server.js'
import { createInForce } from './in-force.js'
import { createLoop } from './ingest/loop.js'
import { createPasses, type PassReport } from './ingest/pass.js'
import { createWatchers } from './ingest/watchers.js'
import type { Log } from './log.js'
import { createPages } from './pages.js'
import { createPassLog } from './pass-log.js'
import type { Progress } from './progress.js'
import { createExposition, type Format } from './metrics/prometheus.js'
import { createTelemetry, type Telemetry } from './metrics/telemetry.js'
import { sourceOf } from './sources/index.js'
import { createSettling } from './settling.js'
import { openKeeper, type Keeper } from './store/keeper.js'
import type { SummaryOptions } from './summary.js'
import type { ParserPool } from './worker/pool.js'

/** A file that was written this long ago may be written again soon. */
const HOT_MS = 60_000
/** What can wait is done so long after the first pass. */
const QUIET_MS = 200
/** How often polling looks at each file. */
const POLL_MS = 2_000
/** How often the configuration and price files are looked at. */
const LOOK_MS = 1_000

export interface AppOptions {
  readonly version: string
  readonly log: Log
  /** Reads the configuration again; if absent, only prices can be. @throws ConfigError */
  readonly loadConfig?: () => Config
  readonly setLogLevel?: (level: Config['logLevel']) => void
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** Closed with the app. undefined: everything is read on the main thread. */
  readonly pool?: ParserPool | undefined
  /** Called when there is little more to do, to collect what is left. */
  readonly collect?: () => void
  /** Told how far the first pass is. */
  readonly progress?: Progress
}

export interface App {
  /** Listens, makes the first pass, then keeps watching. Resolves when the first pass is complete. */
  serve(): Promise<void>
  /** Looks at everything once; resolves when it shows. */
  pass(): Promise<PassReport>
  print(format: Format): Promise<{ readonly contentType: string; readonly body: string }>
  readonly state: State
  /** Reads configuration and prices again; what is wrong with them is logged, and the former stay in force. */
  reload(): Promise<void>
  /** Finishes the commit, closes everything. A second call waits for the first. */
  stop(): Promise<void>
}

/** Opens the state and wires the parts; nothing runs yet. @throws StateInUseError, and what a bad price file throws */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const { log, version, now = Date.now, pool, progress } = options
  const serving = config.command !== 'once'
  const { backend, instead } = chooseBackend(config.parserBackend)
  if (instead !== undefined) log.warn({ asked: config.parserBackend, reason: instead }, 'this decoder cannot run here: v8 decodes instead')
  const exposition = createExposition()
  let keeper = undefined as Keeper | undefined
  const instance = randomUUID()
  let files = 0
  let progressing = false
  const abort = new AbortController()
  const sources = [{ source: sourceOf('claude-code'), configDirs: config.claudeConfigDirs }]
  const { rooted, first, passed, booked, warnOnce } = createPassLog(log)

  const telemetry: Telemetry = createTelemetry(
    exposition.registry,
    { version, node: process.version, backend },
    {
      files: () => files,
      ledgerEntries: () => keeper?.state.ledger.count ?? 0,
      foldedSeries: () => keeper?.state.totals.folded.size ?? 0,
      poolQueued: () => pool?.state().queued ?? 0,
      poolRunning: () => pool?.state().running ?? 0,
      instance: () => instance,
    },
  )
  const inForce = await createInForce(config, {
    load: options.loadConfig ?? (() => config),
    log,
    taken: takeUp,
    refused: () => telemetry.configured(undefined),
  })
  telemetry.configured(now())
  /** Most of what was read again is asked for when it is needed; the rest happens here. */
  function takeUp(): void {
    telemetry.configured(now())
    options.setLogLevel?.(inForce.config.logLevel)
    if (complete() && state.prices !== inForce.prices.fingerprint) lookAgain()
  }
  pool?.observe((wait, run) => telemetry.task(wait, run))
  keeper = await openKeeper(
    config.stateDir,
    {
      committed: (seconds) => telemetry.commit(seconds),
      failed: () => telemetry.failed('store'),
      up: (up) => telemetry.storeUp(up),
    },
    log,
  )
  const { state, commit } = keeper
  let shown: Promise<void> | undefined
  /** What only a scrape needs: loaded while logs are read, or when there is nothing else to do. */
  async function show(): Promise<void> {
    const { registerUsage } = await import('./metrics/usage.js')
    registerUsage(exposition.registry, { totals: state.totals, inForce, now, complete })
    if (serving) await exposition.addProcess()
  }

  const { settle, complete } = createSettling({ state, commit, inForce, now, serving, pool, booked, signal: abort.signal })

  const runPass = createPasses({
    state,
    sources,
    pool,
    backend,
    cache: config.cache,
    remembers: serving && config.cache,
    now,
    settle,
    signal: abort.signal,
    events: {
      rooted,
      planned(plan) {
        if (complete() || plan.bytes === 0) return
        shown ??= show()
        const workers = pool === undefined || plan.small ? 0 : Math.min(pool.workers, plan.given + plan.tasks.length)
        first(plan, { decoder: backend, workers })
        progressing = true
        progress?.start(plan.bytes, plan.found - plan.unchanged)
      },
      read(files, bytes) {
        telemetry.read(files)
        if (!complete()) progress?.advance(bytes)
      },
      duplicates: (count) => telemetry.duplicates(count),
      replaced: (path) => log.debug({ path }, 'file was replaced: read again from its start'),
      scanFailed(path, message) {
        telemetry.failed('scan')
        warnOnce(`scan ${path}`, { path, reason: message }, 'cannot look at this')
      },
      readFailed(path, message) {
        telemetry.failed('parse')
        warnOnce(`read ${path}`, { path, reason: message }, 'cannot read this file')
      },
      workerFailed(error) {
        telemetry.failed('worker')
        warnOnce('worker', { error }, 'a worker failed: going on without it')
      },
      visible(path, mtimeMs) {
        if (!complete() || !reported) return
        const lagMs = Math.max(0, now() - mtimeMs)
        telemetry.lag(lagMs / 1000)
        if (lagMs < HOT_MS) watchers.written(path)
      },
    },
  })

  /** Whether a pass has been reported: lags are not observed before. */
  let reported = false
  let lastReport: PassReport | undefined
  async function observedPass(scope: Parameters<typeof runPass>[0]): Promise<PassReport> {
    const report = await runPass(scope)
    if (progressing) progress?.stop()
    progressing = false
    if (report.aborted) return report
    telemetry.pass({
      seconds: report.milliseconds / 1000,
      full: report.full,
      lookups: report.files,
      hits: report.unchanged,
      oldestMtimeMs: report.oldestMtimeMs,
      endedMs: now(),
    })
    if (report.full) {
      files = report.files
      for (const { source } of sources) {
        telemetry.sourceUp(source.agent, report.roots.some((root) => root.source === source && root.path !== undefined))
      }
      lastReport = report
      // Not before: it looks at every directory, too, and two that do so at a time hinder each other.
      watchers.follow(report.roots)
    } else files = state.cursors.count
    passed(report, state.ledger.count)
    reported = true
    return report
  }

  const loop = createLoop(observedPass, (error) => {
    telemetry.failed('scan')
    log.error({ error }, 'a pass failed; the next one tries again')
  })
  function lookAgain(): void {
    if (!abort.signal.aborted) void loop.requestAll().catch(() => undefined)
  }
  const watchers = createWatchers({
    mode: serving ? config.watchMode : 'off',
    pollIntervalMs: POLL_MS,
    onChange(path) {
      if (!abort.signal.aborted) void loop.request(path).catch(() => undefined)
    },
    onError(error) {
      telemetry.failed('watch')
      warnOnce(`watch ${String(error)}`, { error }, 'watching failed: changes are found by the sweep')
      lookAgain()
    },
    onAttached: lookAgain,
  })

  async function print(format: Format): Promise<{ contentType: string; body: string }> {
    await (shown ??= show())
    return exposition.print(format)
  }

  async function scrape(format: Format): Promise<{ contentType: string; body: string; sent: () => void }> {
    const { series } = state.totals
    // Those made while this is printed have not been seen.
    const seen = complete() ? series.count : 0
    const printed = await print(format)
    return {
      ...printed,
      sent() {
        // Not between a join and its booking, which would store entries as if they had been booked; the pass commits then.
        if (series.scraped(seen, now()) && !state.totals.waiting) commit()
      },
    }
  }

  const summary: SummaryOptions = {
    version,
    demo: config.command === 'demo',
    state,
    inForce,
    now,
    complete,
    files: () => files,
    roots: () => lastReport?.roots ?? [],
    health: () => telemetry.health(),
  }

  /** What the first to ask would have to wait for; those who wait for the start to be ready come first. */
  function doChores(): void {
    shown ??= show()
    if (state.loaded) state.ledger.prepare()
    options.collect?.()
  }

  let server: RunningServer | undefined
  let chores: NodeJS.Timeout | undefined
  let sweep: NodeJS.Timeout | undefined
  let looks: NodeJS.Timeout | undefined
  let stopping: Promise<void> | undefined

  async function stop(): Promise<void> {
    abort.abort()
    clearInterval(sweep)
    clearInterval(looks)
    clearTimeout(chores)
    await Promise.all([watchers.close(), server?.close(), pool?.close()])
    await loop.stop()
    progress?.stop()
    await keeper?.close()
  }

  return {
    state,
    print,
    pass: () => loop.requestAll(),
    reload: () => inForce.reload(),
    async serve() {
      if ((config.configFile ?? config.pricesFile) !== undefined) looks = setInterval(() => void inForce.look(), LOOK_MS)
      const { startServer } = await import('./http/server.js')
      server = await startServer({
        listen: config.listen,
        telemetryPath: config.telemetryPath,
        webConfig: { file: config.webConfigFile, failed: () => telemetry.failed('web_config') },
        log,
        pages: { scrape, ready: complete, ...createPages(summary, config) },
      })
      for (const url of server.addresses) log.info({ url, metrics: `${url}${config.telemetryPath}` }, 'listening')
      await loop.requestAll()
      if (complete()) log.info({}, 'ready')
      if (abort.signal.aborted) return
      chores = setTimeout(doChores, QUIET_MS)
      sweep = setInterval(() => void loop.requestAll().catch(() => undefined), config.sweepIntervalMs)
    },
    stop: () => (stopping ??= stop()),
  }
}
