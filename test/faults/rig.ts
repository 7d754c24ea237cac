// An exporter on a machine that can be broken, its logs, and the oracle that checks every scrape: what every action needs. A
// broken law throws.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'vitest'
import { samples, type Sample } from '../support/exposition.js'
import { described, launch, type End, type Exporter, type Launch } from './exporter.js'
import { createLogs, type Logs } from './logs.js'
import { createMachine, type Hardship, type Machine } from './machine.js'
import { createOracle, type Home, type Oracle } from './oracle.js'
import { until } from './until.js'

/** Condition of the state directory. */
export interface Condition {
  disk: 'fine' | 'full' | 'read-only'
  owner: 'us' | 'another'
  /** Whether the exporter may read the files of another user. */
  readable: boolean
}

export interface Rig {
  readonly machine: Machine
  readonly logs: Logs
  readonly oracle: Oracle
  /** Directories that hold a state, as paths of this process. */
  readonly homes: Readonly<Record<Home, string>>
  readonly condition: Condition
  /** The exporter that serves, if there is one. */
  readonly exporter: Exporter | undefined
  /** The exporter that serves. @throws Error if there is none */
  serving(): Exporter
  launch(options?: Launch): Exporter
  /** Starts an exporter and checks its first scrapes. Returns false if it rightly refused to start. */
  start(hardship?: Hardship): Promise<boolean>
  /** One scrape, checked for wrong values but not for missing ones. */
  look(): Promise<readonly Sample[]>
  /** Waits until everything that can be known is shown. */
  settle(): Promise<void>
  stop(): Promise<void>
  kill(): Promise<void>
  /** Runs `once`, which may fail if something is wrong with the state directory. */
  once(hardship?: Hardship): Promise<End>
  /** Notes that the state may be older than, or different from, what was shown. */
  hurt(): void
}

/** Signals with which V8 ends the process if it gets no memory. */
const OUT_OF_MEMORY: readonly string[] = ['SIGABRT', 'SIGTRAP', 'SIGILL']

export async function createRig(
  context: TestContext,
  parent: string,
  options: { megabytes?: number; clock?: boolean } = {},
): Promise<Rig> {
  const machine = await createMachine(context, parent, options)
  const logs = createLogs(join(parent, 'config'))
  const oracle = createOracle()
  const stateDir = join(machine.disk, 'state')
  const homes = {
    state: machine.reach(stateDir),
    away: machine.reach(join(machine.disk, 'away')),
    copy: join(parent, 'copy'),
  }
  const place = { machine, configDir: logs.configDir, stateDir }
  const condition: Condition = { disk: 'fine', owner: 'us', readable: true }
  mkdirSync(homes.state, { mode: 0o700 })
  let exporter: Exporter | undefined
  /** Whether the state was damaged since the last start, or at that start. */
  let hurt = false
  /** The same since the start before the last one. */
  let wasHurt = false

  const isBroken = (): boolean => condition.disk !== 'fine' || condition.owner !== 'us'

  const start = (options: Launch = {}): Exporter =>
    launch(place, { ...options, hardship: { powerless: condition.owner === 'another', ...options.hardship } })

  function serving(): Exporter {
    if (exporter === undefined) throw new Error('none serves')
    return exporter
  }

  async function look(): Promise<readonly Sample[]> {
    const all = await serving().scrape()
    object(oracle.wrong(all))
    return all
  }

  async function leave(signal: NodeJS.Signals): Promise<End> {
    const leaving = serving()
    exporter = undefined
    const end = await leaving.end(signal)
    object(unnatural(leaving, end))
    oracle.ended()
    return end
  }

  const rig: Rig = {
    machine,
    logs,
    oracle,
    homes,
    condition,
    get exporter() {
      return exporter
    },
    serving,
    launch: start,
    look,
    async start(hardship) {
      const started = start(hardship && { hardship })
      if (!(await started.ready())) {
        object(unnatural(started, await started.end(), hardship))
        // An exporter that cannot read its state may exit with an error.
        if (!condition.readable || hardship?.addressSpace !== undefined) return false
        throw new Error(`it ${described(started.ended()!)} and could have served: ${started.log()}`)
      }
      exporter = started
      const writable = condition.disk !== 'read-only' && condition.owner === 'us'
      const access = writable ? 'full' : condition.readable ? 'read-only' : 'none'
      oracle.began({ access, present: logs.present(), afterFault: wasHurt })
      hurt = wasHurt = isBroken()
      object(oracle.missingAtFirst(await look()))
      await rig.settle()
      return true
    },
    async settle() {
      const asked = serving()
      let missing: string | undefined
      await until(
        () => `${missing ?? 'a scrape'}; it said ${asked.log()}`,
        async () => {
          missing = oracle.missing(await look(), logs.present())
          return missing === undefined ? true : undefined
        },
      )
      object((await asked.healthy()) === 200 ? undefined : '/-/healthy is not 200')
    },
    async stop() {
      const end = await leave('SIGTERM')
      if (end.code !== 0 && !(end.code === 1 && hurt)) throw new Error(`it was stopped and ${described(end)}`)
    },
    async kill() {
      await leave('SIGKILL')
    },
    async once(hardship) {
      const started = start({ command: 'once', ...(hardship && { hardship }) })
      const end = await started.end()
      object(unnatural(started, end, hardship))
      if (end.code === 0) object(oracle.wrongOnce(samples(started.printed()), logs.present()))
      else if (!isBroken() && hardship?.addressSpace === undefined)
        throw new Error(`once ${described(end)}: ${started.log()}`)
      return end
    },
    hurt() {
      hurt = wasHurt = true
    },
  }
  return rig
}

/** Returns an objection if a process was ended by a signal that nobody sent. */
export function unnatural({ sent, log }: Exporter, end: End, hardship: Hardship = {}): string | undefined {
  const { code, signal } = end
  if (code === 0 || code === 1 || code === 2) return undefined
  if (signal !== null && sent.includes(signal)) return undefined
  if (signal !== null && hardship.addressSpace !== undefined && OUT_OF_MEMORY.includes(signal)) return undefined
  return `it ${described(end)}: ${log()}`
}

export function object(objection: string | undefined): void {
  if (objection !== undefined) throw new Error(objection)
}
