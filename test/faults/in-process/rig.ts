// The whole program on a machine in memory, its logs, and the oracle that checks every scrape. A broken law throws.
import { join } from 'node:path'
import type { App } from '../../../src/app/app.js'
import { StateError } from '../../../src/app/persistence.js'
import { samples, sumOf, type Sample } from '../../support/exposition.js'
import { NOW_MS } from '../../integration/running.js'
import { createLogs, type Logs, type Response } from '../logs.js'
import { createOracle, type Oracle } from '../oracle.js'
import { object } from '../rig.js'
import { forgetLogs, logDisk, passTick, takeFailures, undisturbed } from './log-disk.js'
import { launch } from './launch.js'
import { Machine, type Process } from './machine.js'
import { Prices } from './prices.js'

export interface Figures {
  starts: number
  refusals: number
  passes: number
  scrapes: number
  responses: number
  unread: number
}

/** A running program. */
interface Running {
  readonly app: App
  readonly process: Process
}

export class Rig {
  readonly machine = new Machine(NOW_MS)
  readonly oracle: Oracle = createOracle()
  readonly logs: Logs
  readonly figures: Figures
  running: Running | undefined
  /** Whether calls to the disk of the state fail. */
  failing = false
  readonly prices: Prices
  bookingStep: number | undefined
  readonly #told = new Set<Response>()
  /** Logged complaints, for the report. */
  readonly complaints: string[] = []
  readonly dir: string
  /** Whether the state may be older than what was shown. */
  #hurt = false
  /** Responses that the exporter has certainly read since its start. */
  #read = new Set<Response>()
  /** Whether all that was shown is stored, or the exporter could note in the file that it is not. */
  #traced = true
  /** Whether a byte of the existing file could be written at the end of the last pass. */
  #markable = true

  constructor(dir: string, figures: Figures) {
    this.dir = dir
    this.figures = figures
    forgetLogs()
    const logs = createLogs(join(dir, 'config'))
    this.logs = {
      ...logs,
      append: (...how) => undisturbed(() => logs.append(...how)),
      begin: (...how) => undisturbed(() => logs.begin(...how)),
      remove: (random) => undisturbed(() => logs.remove(random)),
      rewrite: (random) => undisturbed(() => logs.rewrite(random)),
    }
    logDisk.folder = join(dir, 'config', 'projects')
    logDisk.simulated = (realMs) => this.machine.simulated(realMs)
    this.prices = new Prices(dir)
  }

  get isBroken(): boolean {
    const { disk } = this.machine
    return this.failing || disk.readOnly || disk.foreign || disk.capacity < Infinity || disk.descriptors < Infinity
  }

  isRunning(): boolean {
    return this.alive !== undefined
  }

  /** The program, unless its last action ended it. */
  get alive(): Running | undefined {
    if (this.running?.process.end !== undefined) this.#bury()
    return this.running
  }

  /** Notes that the state may be older than, or different from, what was shown. */
  hurt(): void {
    this.#hurt = true
  }

  /** Starts the program. Returns false if it rightly refused to start, or died at once. */
  async start(prepare: (process: Process) => void = () => undefined): Promise<boolean> {
    if (this.isRunning()) throw new Error('one runs already')
    this.figures.starts += 1
    const process = this.machine.spawn()
    prepare(process)
    const app = await this.#open(process)
    if (app === undefined) return false
    this.running = { app, process }
    this.#read = new Set()
    await this.#pass(app)
    if (process.end !== undefined) {
      this.#drop()
      return false
    }
    const { readOnly, foreign } = this.machine.disk
    this.oracle.began({
      access: readOnly || foreign ? 'read-only' : 'full',
      present: new Set(this.#read),
      afterFault: this.#hurt,
    })
    this.#hurt = this.isBroken
    this.#traced = true
    const all = await this.look()
    if (all !== undefined) object(this.oracle.missingAtFirst(all))
    await this.settle()
    return this.isRunning()
  }

  async #open(process: Process): Promise<App | undefined> {
    try {
      return await launch(process, this)
    } catch (error) {
      if (process.end !== undefined) return undefined
      this.figures.refusals += 1
      // A start may be refused while the disk is broken.
      if (!(error instanceof StateError) || !this.isBroken) throw error
      this.#allIsClosed('it refused')
      return undefined
    }
  }

  /** A full pass. */
  async pass(): Promise<void> {
    if (this.alive !== undefined) await this.#pass(this.alive.app)
  }

  async #pass(app: App): Promise<void> {
    this.figures.passes += 1
    passTick()
    const present = this.logs.present()
    const news = [...present].filter((one) => !this.#told.has(one))
    // Counted as written only now, because lines that were gone before a pass cannot be known.
    this.oracle.wrote(news)
    for (const one of news) this.#told.add(one)
    this.figures.responses += news.length
    takeFailures()
    try {
      await app.pass()
    } catch (error) {
      if (this.running?.process.end === undefined) throw error
    }
    const { readOnly, foreign } = this.machine.disk
    this.#markable = !readOnly && !foreign && !this.failing
    const failures = takeFailures()
    this.figures.unread += failures
    if (failures === 0 && logDisk.vanished === 0) this.#read = new Set([...this.#read, ...present])
  }

  /** One scrape, checked for wrong values but not for missing ones. Undefined if the program has ended. */
  async look(): Promise<readonly Sample[] | undefined> {
    if (this.alive === undefined) return undefined
    const { app, process } = this.alive
    const { body, sent } = await app.scrape('text')
    if (process.end !== undefined) return undefined
    this.figures.scrapes += 1
    const usage = body
      .toString()
      .split('\n')
      .filter((one) => one.startsWith('agent_usage_'))
    const all = samples(usage.join('\n'))
    object(this.oracle.wrong(all))
    this.#trace(all)
    sent()
    return all
  }

  /** Checks that all that was read is shown after at most two scrapes; the first may show new series at 0. */
  async settle(): Promise<void> {
    let missing: string | undefined
    for (let scrapes = 0; scrapes < 2; scrapes += 1) {
      const all = await this.look()
      if (all === undefined) return
      missing = this.oracle.missing(all, this.#read)
      if (missing === undefined && scrapes > 0) return
    }
    object(missing)
  }

  /** If a byte can be written, the exporter can note that what was shown is not in the file. */
  #trace(all: readonly Sample[]): void {
    this.#traced = this.#markable || sumOf(all, 'agent_usage_exporter_store_up') === 1
  }

  async stop(): Promise<void> {
    const stopping = this.alive
    if (stopping === undefined) return
    await stopping.app.stop()
    if (stopping.process.end === undefined) {
      this.#end()
      this.#allIsClosed('it was stopped')
    } else this.#bury()
  }

  #allIsClosed(what: string): void {
    const { openFiles } = this.machine.disk
    object(openFiles === 0 ? undefined : `${what}, and left ${openFiles} files open`)
  }

  /** Stops the program, whatever its state. */
  async abandon(): Promise<void> {
    await this.running?.app.stop().catch(() => undefined)
  }

  #bury(): void {
    this.#drop()
    this.#end()
  }

  /** Releases the resources that the program holds in this process. */
  #drop(): void {
    void this.running?.app.stop().catch(() => undefined)
    this.running = undefined
  }

  #end(): void {
    this.running = undefined
    this.oracle.ended({ traceless: !this.#traced })
  }
}
