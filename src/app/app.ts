// The composition root: the only file that sees everything. Wires the parts, starts and stops them in order.
import type { Config } from '../config/config.js'
import { moment, type Clock } from '../process/clock.js'
import { chooseBackend } from '../decode/engines.js'
import type { State } from '../core/state.js'
import { accessTo, isUp, type RootAccess } from './access.js'
import type { RunningServer } from '../http/server.js'
import { createLiveConfig } from './live-config.js'
import { createLoop } from '../ingest/loop.js'
import { createPasses, type PassReport } from '../ingest/pass.js'
import { createWatchers } from '../ingest/watchers.js'
import type { Log } from '../process/log.js'
import { createLanding } from './landing.js'
import { createPassLog } from './pass-log.js'
import type { Progress } from '../process/progress.js'
import { createBirths } from '../outputs/births.js'
import type { Format, Print, Prometheus } from '../outputs/prometheus.js'
import { createTelemetry, type Telemetry } from '../metrics/telemetry.js'
import { sourceOf } from '../sources/index.js'
import { createPublisher } from './publisher.js'
import { openPersistence, type Persistence, type StoreMachine } from './persistence.js'
import type { SummaryOptions } from './summary.js'
import { lineOf, troublesOf, type Trouble } from './troubles.js'
import type { ParserPool } from '../worker/pool.js'

/** A file that was written this long ago may be written again soon. */
const ACTIVE_MS = 60_000
/** What can wait is done so long after the first pass. */
const IDLE_DELAY_MS = 200
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
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic?: () => number
  /** Closed with the app. undefined: everything is read on the main thread. */
  readonly pool?: ParserPool | undefined
  /** Called when there is little more to do, to collect what is left. */
  readonly collect?: () => void
  /** Where the store lies; the disk of this machine if absent. */
  readonly storeMachine?: StoreMachine
  /** Responses that are booked in one step. */
  readonly bookingStep?: number
  /** Told how far the first pass is. */
  readonly progress?: Progress
}

export interface App {
  /** Listens, makes the first pass, then keeps watching. Resolves when the first pass has ended, or `stop` came before. */
  serve(): Promise<void>
  /** Looks at everything once; resolves when it shows. */
  pass(): Promise<PassReport>
  print(format: Format): Promise<{ readonly contentType: string; readonly body: string }>
  scrape(format: Format): Promise<Print>
  readonly state: State
  /** Reads configuration and prices again; what is wrong with them is logged, and the former stay in force. */
  reload(): Promise<void>
  /** Finishes the commit, closes everything. A second call waits for the first. */
  stop(): Promise<void>
}

/** Opens the state and wires the parts; nothing runs yet. @throws StateError, and what a bad price file throws */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const { log, version, now = Date.now, monotonic = () => performance.now(), pool, progress } = options
  const clock: Clock = { now, monotonic }
  const serving = config.command !== 'once'
  const { backend, instead } = chooseBackend(config.parserBackend)
  if (instead !== undefined)
    log.warn({ asked: config.parserBackend, reason: instead }, 'this decoder cannot run here: v8 decodes instead')
  let persistence = undefined as Persistence | undefined
  let files = 0
  let progressing = false
  /** Those that the last full pass could not read, and those that failed since. */
  let unreadFiles = new Set<string>()
  let stored = true
  let configured = true
  const abort = new AbortController()
  const sources = [{ source: sourceOf('claude-code'), configDirs: config.claudeConfigDirs }]
  const passLog = createPassLog({ log, now, named: config.claudeConfigDirsExplicit })

  const telemetry: Telemetry = createTelemetry(
    { version, node: process.version, backend },
    {
      files: () => files,
      ledgerEntries: () => persistence?.state.ledger.count ?? 0,
      foldedSeries: () => persistence?.state.totals.folded.size ?? 0,
      poolQueued: () => pool?.state().queued ?? 0,
      poolRunning: () => pool?.state().running ?? 0,
      instance: () => persistence?.state.instance ?? '',
    },
  )
  const liveConfig = await createLiveConfig(config, {
    load: options.loadConfig ?? (() => config),
    log,
    taken: takeUp,
    refused() {
      telemetry.configured(undefined)
      configured = false
    },
  })
  telemetry.configured(moment(clock))
  /** Most of what was read again is asked for when it is needed; the rest happens here. */
  function takeUp(): void {
    telemetry.configured(moment(clock))
    configured = true
    options.setLogLevel?.(liveConfig.config.logLevel)
    if (complete() && state.prices !== liveConfig.prices.fingerprint) lookAgain()
  }
  pool?.observe((wait, run) => telemetry.task(wait, run))
  persistence = await openPersistence({
    dir: config.stateDir,
    events: {
      committed: (seconds) => telemetry.commit(seconds),
      failed: () => telemetry.failed('store'),
      up(up) {
        telemetry.storeUp(up)
        stored = up
      },
    },
    log,
    machine: options.storeMachine,
  })
  const { state, commit, commits } = persistence
  const births = createBirths({
    series: state.totals.series,
    commits,
    monotonic,
    holdMs: () => liveConfig.config.birthHoldMs,
  })
  async function show(): Promise<Prometheus> {
    const [{ usageMetrics }, { createPrometheus }] = await Promise.all([
      import('../metrics/usage.js'),
      import('../outputs/prometheus.js'),
    ])
    const usage = usageMetrics({ totals: state.totals, liveConfig, now, complete })
    return createPrometheus({
      metrics: [...telemetry.metrics, ...usage],
      births,
      store: storeBirths,
      ofProcess: serving,
    })
  }
  function storeBirths(): void {
    // Not between a join and its booking, which would store entries as if they had been booked; the pass commits then.
    if (!abort.signal.aborted && !state.totals.waiting) commit()
  }
  let showing: Promise<Prometheus> | undefined
  /** What only a scrape needs: loaded while logs are read, or when there is nothing else to do. */
  function shown(): Promise<Prometheus> {
    if (showing === undefined) {
      showing = show()
      // Whoever prints is told; nobody else waits for it.
      showing.catch(() => undefined)
    }
    return showing
  }

  // A file is read by a collector; what `once` prints, by whoever looks.
  const watched = serving || config.output !== undefined
  const { publish: settle, complete } = createPublisher({
    state,
    commit,
    liveConfig: liveConfig,
    now,
    serving,
    watched,
    historyBooked: () => births.showAll(),
    pool,
    responsesBooked: passLog.booked,
    stepSize: options.bookingStep,
    signal: abort.signal,
  })

  const runPass = createPasses({
    state,
    sources,
    pool,
    backend,
    cache: config.cache,
    remembers: serving && config.cache,
    now,
    publish: settle,
    signal: abort.signal,
    events: {
      rootsResolved: passLog.rooted,
      workPlanned(plan) {
        if (complete() || plan.bytes === 0) return
        void shown()
        const workers = pool === undefined || plan.small ? 0 : Math.min(pool.workers, plan.given + plan.tasks.length)
        passLog.first(plan, { decoder: backend, workers })
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
        passLog.denied('scan', path, message)
      },
      readFailed(path, message) {
        // Each pass tries it again: that is one failure for as long as it lasts, which a gauge shows.
        if (!unreadFiles.has(path)) telemetry.failed('parse')
        unreadFiles.add(path)
        passLog.denied('read', path, message)
      },
      workerFailed(error) {
        telemetry.failed('worker')
        passLog.workerFailed(error)
      },
      joinFailed(paths, error) {
        telemetry.failed('parse')
        log.error({ error, paths }, 'cannot count what these files say: they are left out until they change')
      },
      usageVisible(path, mtimeMs) {
        if (!complete() || lookedMs === undefined) return
        const ageMs = now() - mtimeMs
        // A change that the last full pass did not see is no older than that pass, whatever the file's time says.
        telemetry.lag(Math.min(Math.max(0, ageMs), monotonic() - lookedMs) / 1000)
        if (ageMs < ACTIVE_MS) watchers.written(path)
      },
    },
  })

  /** When the latest pass over everything began, by the monotonic clock: lags are not observed before one has ended. */
  let lookedMs: number | undefined
  let lastReport: PassReport | undefined
  let addresses: readonly string[] = []
  let announced = false
  function announce(what: string): void {
    for (const url of addresses) log.info({ url, metrics: `${url}${config.telemetryPath}` }, what)
  }
  /** What the last full pass could read; worked out when it is asked for, or when something was unread. */
  let access: readonly RootAccess[] | undefined
  const accessNow = (): readonly RootAccess[] => {
    if (lastReport === undefined) return []
    return (access ??= accessTo(lastReport.roots, lastReport.unread, () => state.cursors.paths()))
  }
  async function observedPass(scope: Parameters<typeof runPass>[0]): Promise<PassReport> {
    const startMs = monotonic()
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
      ended: moment(clock),
    })
    if (report.full) {
      files = report.files
      lastReport = report
      lookedMs = startMs
      access = undefined
      unreadFiles = new Set(report.unread.files.keys())
      const roots = accessNow()
      for (const { source } of sources) {
        const unread = [...report.unread.files.values()].filter((agent) => agent === source.agent).length
        telemetry.access(source.agent, isUp(source.agent, roots), unread)
      }
      passLog.accessed(roots, state.ledger.count > 0)
      // Not before: it looks at every directory, too, and two that do so at a time hinder each other. What cannot be listed
      // cannot be watched.
      watchers.follow(
        report.roots.filter(({ wanted }) =>
          roots.some(({ path, access }) => path === wanted && access !== 'unreachable'),
        ),
      )
    } else files = state.cursors.count
    passLog.passed(report, state.ledger.count)
    if (serving && complete() && !announced) {
      announced = true
      // Again, as the last line of a start: whoever started it looks for the address there.
      announce('ready')
    }
    return report
  }

  const troubles = (): readonly Trouble[] =>
    troublesOf({
      roots: accessNow(),
      named: config.claudeConfigDirsExplicit,
      counted: state.ledger.count > 0,
      stored: stored || config.stateDir === undefined,
      configured,
    })

  const loop = createLoop(observedPass, (error) => {
    telemetry.failed('scan')
    // Without a next one, the error is what the program ends with.
    if (serving) log.error({ error }, 'a pass failed; the next one tries again')
  })
  function lookAgain(): void {
    if (!abort.signal.aborted) void loop.requestAll().catch(() => undefined)
  }
  function watchFailed(error: unknown): void {
    telemetry.failed('watch')
    passLog.watchFailed(error)
  }
  const watchers = createWatchers({
    mode: serving ? config.watchMode : 'off',
    pollIntervalMs: POLL_MS,
    onChange(path) {
      if (!abort.signal.aborted) void loop.request(path).catch(() => undefined)
    },
    onError(error) {
      watchFailed(error)
      lookAgain()
    },
    onRefused: watchFailed,
    onAttached: lookAgain,
  })

  async function scrape(format: Format): Promise<Print> {
    const prometheus = await shown()
    return prometheus.print(format)
  }

  const summary: SummaryOptions = {
    version,
    demo: config.command === 'demo',
    state,
    liveConfig: liveConfig,
    now,
    complete,
    files: () => files,
    roots: accessNow,
    troubles,
    health: () => telemetry.health(),
  }

  /** What the first to ask would have to wait for; those who wait for the start to be ready come first. */
  function warmUp(): void {
    void shown()
    if (state.loaded) state.ledger.prepare()
    options.collect?.()
  }

  let listening: Promise<RunningServer> | undefined
  let chores: NodeJS.Timeout | undefined
  let sweep: NodeJS.Timeout | undefined
  let looks: NodeJS.Timeout | undefined
  let stopping: Promise<void> | undefined

  async function stop(): Promise<void> {
    abort.abort()
    clearInterval(sweep)
    clearInterval(looks)
    clearTimeout(chores)
    // One that is only starting would listen for ever.
    const server = await listening?.catch(() => undefined)
    await Promise.all([watchers.close(), server?.close(), pool?.close()])
    await loop.stop()
    progress?.stop()
    await persistence?.close()
  }

  async function listen(): Promise<RunningServer> {
    const { startServer } = await import('../http/server.js')
    return startServer({
      listen: config.listen,
      telemetryPath: config.telemetryPath,
      allowedHosts: config.allowedHosts,
      webConfig: { file: config.webConfigFile, failed: () => telemetry.failed('web_config') },
      log,
      pages: { scrape, ready: complete, troubles: () => troubles().map(lineOf), ...createLanding(summary, config) },
    })
  }

  return {
    state,
    scrape,
    async print(format) {
      const { contentType, body } = await scrape(format)
      return { contentType, body: body.toString() }
    },
    pass: () => loop.requestAll(),
    reload: () => liveConfig.reload(),
    async serve() {
      if (abort.signal.aborted) return
      if ((config.configFile ?? config.pricesFile) !== undefined)
        looks = setInterval(() => void liveConfig.look(), LOOK_MS)
      ;({ addresses } = await (listening = listen()))
      if (isAborted(abort.signal)) return
      announce('listening')
      // One that fails was logged, and the sweep makes another.
      await loop.requestAll().catch(() => undefined)
      if (isAborted(abort.signal)) return
      chores = setTimeout(warmUp, IDLE_DELAY_MS)
      sweep = setInterval(() => {
        watchers.retry()
        lookAgain()
      }, config.sweepIntervalMs)
    },
    stop: () => (stopping ??= stop()),
  }
}

/** Asked again after an await, where the compiler believes it knows. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
