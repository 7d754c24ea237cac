// The whole program in this process, with a store on a simulated disk, pushing through a proxy to real receivers. It can end at any
// moment, and after its end it reaches neither the disk nor the network.
import { join } from 'node:path'
import { createApp, type App } from '../../../src/app/app.js'
import { loadConfig, type Config } from '../../../src/config/config.js'
import { samples, sumOf, type Sample } from '../../support/exposition.js'
import { pemFile } from '../../support/https.js'
import { startOtlpProxy, type OtlpProxy, type Treatment } from '../../support/otlp-proxy.js'
import type { Pushed } from '../../support/otlp-receiver.js'
import { STATE } from '../in-process/launch.js'
import { Machine, type End, type Process } from '../in-process/machine.js'
import { createLogs, type Logs } from '../logs.js'
import { until } from '../until.js'
import { endInterval, INTERVAL_MS } from './interval.js'
import { createOracle, type Oracle } from './oracle.js'
import type { Receivers } from './receivers.js'

/** Timeout of a push. Receivers run on this machine, so a late response is just another fault. */
const TIMEOUT_MS = 400
/** Maximum number of pushes while settling; a busy machine sometimes responds too late. */
const MOST_PUSHES = 40

export interface RigOptions {
  readonly dir: string
  readonly receivers: Receivers
  readonly startMs: number
  readonly tls: boolean
}

interface Life {
  readonly app: App
  readonly process: Process
  readonly path: string
}

/** The moment of a push at which an exporter dies. */
export type Ambush = 'when it arrives' | 'when it was accepted'

export class Rig {
  readonly machine: Machine
  readonly logs: Logs
  readonly oracle: Oracle = createOracle()
  /** What happens to pushes. */
  treatment: Treatment = 'accept'
  ambush: Ambush | undefined
  version = 1
  pushes = 0
  readonly complaints: string[] = []
  #life: Life | undefined
  #lives = 0
  /** Delays responses until it resolves. */
  #held: Promise<void> | undefined
  #proxy: OtlpProxy | undefined
  readonly #options: RigOptions

  constructor(options: RigOptions) {
    this.#options = options
    this.machine = new Machine(options.startMs)
    this.logs = createLogs(join(options.dir, 'config'), this.machine.now)
  }

  async open(): Promise<void> {
    const { receivers, tls } = this.#options
    this.#proxy = await startOtlpProxy({
      receivers: receivers.urls,
      tls,
      treat: (path) => this.#treat(path),
      taken: (path, pushed) => this.#taken(path, pushed),
      refused: (what) => void this.complaints.push(what),
    })
  }

  get proxy(): OtlpProxy {
    return this.#proxy!
  }

  /** The program, unless its last action ended it. */
  get alive(): Life | undefined {
    if (this.#life?.process.end !== undefined) this.#bury()
    return this.#life
  }

  isAlive(): boolean {
    return this.alive !== undefined
  }

  get app(): App | undefined {
    return this.alive?.app
  }

  get isBroken(): boolean {
    return this.machine.disk.capacity < Infinity
  }

  #treat(path: string): Treatment {
    // Requests that the program sends after its end are refused.
    if (!path.startsWith(`${this.alive?.path}/`)) return { status: 400 }
    if (this.ambush === 'when it arrives') {
      this.kill('killed')
      return 'broken'
    }
    return this.ambush === undefined ? this.treatment : 'lost'
  }

  #taken(_path: string, pushed: Pushed): Promise<void> | undefined {
    this.pushes += 1
    this.oracle.taken(pushed)
    if (this.ambush !== undefined) this.kill('killed')
    return this.#held
  }

  /** Starts the program, and runs its first pass and its first push. */
  async start(prepare: (process: Process) => void = () => undefined): Promise<void> {
    const process = this.machine.spawn()
    prepare(process)
    this.#lives += 1
    const path = `/life-${this.#lives}`
    let app: App
    try {
      app = await this.#launch(process, path)
    } catch (error) {
      if (process.end !== undefined) return
      throw error
    }
    this.#life = { app, process, path }
    if (process.end !== undefined) {
      this.#bury()
      return
    }
    const { state } = app
    await this.pass(state.pushed === undefined || state.behind)
    await this.#ended(0)
  }

  #launch(process: Process, path: string): Promise<App> {
    const { tls, dir } = this.#options
    const flags = ['--watch.mode=off', '--watch.sweep-interval=24h', '--parser.workers=0', '--otlp.endpoint=env']
    const paths = [`--claude.config-dir=${this.logs.configDir}`, `--state.dir=${STATE}`]
    const env = {
      HOME: dir,
      OTEL_EXPORTER_OTLP_ENDPOINT: `${this.proxy.url}${path}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: String(TIMEOUT_MS),
      OTEL_METRIC_EXPORT_INTERVAL: String(INTERVAL_MS),
      ...(tls && { OTEL_EXPORTER_OTLP_CERTIFICATE: pemFile('authority') }),
    }
    const load = (): Config => loadConfig([...flags, ...paths], env)
    const ignore = (): void => undefined
    return createApp(load(), {
      version: String(this.version),
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      loadConfig: load,
      now: this.machine.now,
      storeMachine: process.machine,
    })
  }

  async pass(anew = false): Promise<void> {
    const { alive } = this
    if (alive === undefined) return
    this.oracle.reads(alive.app.state.instance, this.logs.present(), anew)
    try {
      await alive.app.pass()
    } catch (error) {
      if (alive.process.end === undefined) throw error
    }
  }

  /** Lets the interval end. @param meanwhile runs while the receivers have the push and their response is held back */
  async push(meanwhile?: () => Promise<void>): Promise<void> {
    const { alive } = this
    if (alive === undefined) return
    const before = await this.#exports(alive.app)
    const taken = this.pushes
    let release = (): void => undefined
    if (meanwhile !== undefined) this.#held = new Promise((resolve) => (release = resolve))
    endInterval()
    if (meanwhile !== undefined) {
      await until(
        () => 'a push',
        async () => (this.pushes !== taken || (await this.#exports(alive.app)) !== before ? true : undefined),
      )
      await meanwhile()
      release()
      this.#held = undefined
    }
    await this.#ended(before)
  }

  /** Waits for the end of the push or of the program. */
  async #ended(before: number): Promise<void> {
    const life = this.#life
    if (life === undefined) return
    await until(
      () => 'the end of a push',
      async () => (this.alive !== life || (await this.#exports(life.app)) !== before ? true : undefined),
    )
  }

  async #exports(app: App): Promise<number> {
    return sumOf(await read(app), 'agent_usage_exporter_otlp_exports_total')
  }

  /** Pushes until everything that was read must have arrived, that is for two accepted pushes. */
  async settle(): Promise<void> {
    await this.pass()
    const { alive } = this
    if (alive === undefined) throw new Error('it died though all is well')
    const accepted = async (): Promise<number> => {
      const all = await read(alive.app)
      return (
        sumOf(all, 'agent_usage_exporter_otlp_exports_total') - sumOf(all, 'agent_usage_exporter_otlp_failures_total')
      )
    }
    const before = await accepted()
    for (let pushes = 0; (await accepted()) < before + 2; pushes += 1) {
      if (pushes === MOST_PUSHES) throw new Error(`no push is accepted: ${this.complaints.join('; ')}`)
      this.machine.pass(1_000)
      await this.push()
    }
    this.oracle.settled(alive.app.state.instance)
  }

  /** Stops the program, which pushes a last time. */
  async stop(): Promise<void> {
    const { alive } = this
    if (alive === undefined) return
    await alive.app.stop()
    this.#life = undefined
  }

  kill(how: End, chance: () => number = () => 1): void {
    this.#life?.process.die(how, chance)
    this.#bury()
  }

  #bury(): void {
    void this.#life?.app.stop().catch(() => undefined)
    this.#life = undefined
    this.ambush = undefined
  }

  /** Samples of a scrape after one that has shown every series. */
  async scraped(): Promise<readonly Sample[]> {
    const { app } = this
    if (app === undefined) return []
    const { sent } = await app.scrape('text')
    sent()
    return read(app)
  }
}

async function read(app: App): Promise<readonly Sample[]> {
  const { body } = await app.print('text')
  return samples(
    body
      .split('\n')
      .filter((one) => one.startsWith('agent_usage_'))
      .join('\n'),
  )
}
