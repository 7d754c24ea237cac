// Builds the parts of the app and connects them; nothing runs yet.
import { stays } from '../config/commands.js'
import type { Config } from '../config/config.js'
import { chooseBackend } from '../decode/engines.js'
import { createPasses } from '../ingest/pass.js'
import { createPushTelemetry } from '../metrics/push-telemetry.js'
import { createTelemetry } from '../metrics/telemetry.js'
import { createBirths } from '../outputs/births.js'
import { moment, type Clock } from '../process/clock.js'
import type { Log } from '../process/log.js'
import { withDirectories, type SourceDirectories } from '../sources/index.js'
import type { Backend } from '../worker/protocol.js'
import type { AppOptions } from './app-options.js'
import { createCondition, type Condition } from './condition.js'
import { createLiveConfig } from './live-config.js'
import { createMetrics } from './metrics.js'
import { createPassLog } from './pass-log.js'
import { createPassObserver } from './pass-observer.js'
import { openPersistence, type Persistence } from './persistence.js'
import { createPublisher } from './publisher.js'
import { createScrapes } from './scrapes.js'
import { createWatching } from './watching.js'

export interface WiringOptions {
  readonly signal: AbortSignal
  /** A pass has ended, and its results are shown. */
  readonly passed: () => void
}

/** @throws StateError, and the error of an invalid price file */
export async function wire(config: Config, options: AppOptions, { signal, passed }: WiringOptions) {
  const { log, version, now = Date.now, monotonic = () => performance.now(), pool, progress } = options
  const clock: Clock = { now, monotonic }
  const sources = options.sources ?? withDirectories(config)
  const backend = usableBackend(config, sources, log)
  const serving = stays(config.command)

  // Loaded only if needed, and before the state is opened, because its files may be invalid.
  const pushes = config.push && (await import('./pushing.js'))
  if (config.push) pushes?.checkFiles(config.push)
  const pushTelemetry = config.push && createPushTelemetry(() => moment(clock))

  let persistence = undefined as Persistence | undefined
  let condition = undefined as Condition | undefined
  const telemetry = createTelemetry(
    { version, node: process.version, backend },
    {
      files: () => condition?.files() ?? 0,
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
    refused: () => telemetry.configured(undefined),
    // Most reloaded values are read when needed; the rest is applied here.
    taken() {
      telemetry.configured(moment(clock))
      options.setLogLevel?.(liveConfig.config.logLevel)
      if (complete() && state.prices !== liveConfig.prices.fingerprint) watching.lookAgain()
    },
  })
  telemetry.configured(moment(clock))
  pool?.observe((wait, run) => telemetry.task(wait, run))
  persistence = await openPersistence({
    dir: config.stateDir,
    readOnly: options.readOnly,
    log,
    machine: options.storeMachine,
    events: {
      committed: (seconds) => telemetry.commit(seconds),
      failed: () => telemetry.failed('store'),
      up: (up) => telemetry.storeUp(up),
    },
  })
  const { state, commit, commits, stored } = persistence
  const parts = { state, commit, liveConfig, clock, now, log, pool, backend, serving, signal }
  condition = createCondition({ state, liveConfig, stored, pushFailure: pushTelemetry?.failure })
  const { files, roots, agents, troubles } = condition
  const passLog = createPassLog({ log, now })
  const births = createBirths({
    series: state.totals.series,
    commits,
    monotonic,
    holdMs: () => liveConfig.config.birthHoldMs,
  })
  const { publish, complete } = createPublisher({
    ...parts,
    // A collector scrapes the file of `once`, but not its stdout. A backfill needs to know which series a running
    // exporter has shown.
    watched: serving || config.output !== undefined || config.command === 'backfill',
    historyBooked: () => births.showAll(),
    responsesBooked: passLog.booked,
    stepSize: options.bookingStep,
  })
  const metrics = createMetrics({ ...parts, complete, own: [...telemetry.metrics, ...(pushTelemetry?.metrics ?? [])] })
  const { scrape, prepare } = createScrapes({ ...parts, births, metrics })
  const pushing =
    config.push &&
    pushes?.createPushing({
      ...parts,
      push: config.push,
      metrics,
      telemetry: pushTelemetry!,
      commits,
      complete,
      monotonic,
    })
  const observer = createPassObserver({
    ...{ ...parts, condition, complete, telemetry, passLog, progress },
    expectScrapes: prepare,
    written: (path) => watching.written(path),
  })
  const { cache } = config
  const watching = createWatching(config, {
    runPass: observer.observe(
      createPasses({
        ...parts,
        sources,
        cache,
        helps: !serving,
        remembers: serving && cache,
        publish,
        events: observer.events,
      }),
    ),
    roots,
    signal,
    passed() {
      passed()
      pushing?.passed()
    },
    passFailed(error) {
      telemetry.failed('scan')
      // Without a next pass, the program ends with this error.
      if (serving) log.error({ error }, 'a pass failed; the next one tries again')
    },
    watchFailed(error) {
      telemetry.failed('watch')
      passLog.watchFailed(error)
    },
  })

  return {
    ...parts,
    persistence,
    telemetry,
    complete,
    files,
    roots,
    agents,
    troubles,
    scrape,
    prepare,
    watching,
    pushing,
    pushTelemetry,
  }
}

function usableBackend({ parserBackend }: Config, sources: readonly SourceDirectories[], log: Log): Backend {
  const { backend, instead } = chooseBackend(
    parserBackend,
    sources.map(({ source }) => source),
  )
  if (instead !== undefined)
    log.warn({ asked: parserBackend, reason: instead }, 'decoder not available: using v8 instead')
  return backend
}
