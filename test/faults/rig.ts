// An exporter on a machine that can be broken, the logs it reads, and the oracle that judges all it shows: what every
// action needs. Whatever breaks a law throws.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'vitest'
import { samples, type Sample } from '../support/exposition.js'
import { described, launch, type End, type Exporter, type Launch } from './exporter.js'
import { createLogs, type Logs } from './logs.js'
import { createMachine, type Hardship, type Machine } from './machine.js'
import { createOracle, type Home, type Oracle } from './oracle.js'
import { until } from './until.js'

/** What is wrong with the state directory now. */
export interface Condition {
  disk: 'fine' | 'full' | 'read-only'
  owner: 'us' | 'another'
  /** Whether we may read what belongs to another. */
  readable: boolean
}

export interface Rig {
  readonly machine: Machine
  readonly logs: Logs
  readonly oracle: Oracle
  /** Directories that hold a state, as this process reaches them. */
  readonly homes: Readonly<Record<Home, string>>
  readonly condition: Condition
  /** The one that serves. */
  readonly exporter: Exporter | undefined
  /** The same, which must be there. */
  serving(): Exporter
  launch(options?: Launch): Exporter
  /** Starts one that serves and looks at what it shows first. False: it refused, and may. */
  start(hardship?: Hardship): Promise<boolean>
  /** One scrape, in which nothing is wrong, whatever may be missing. */
  look(): Promise<readonly Sample[]>
  /** Waits until all that can be known is shown. */
  settle(): Promise<void>
  stop(): Promise<void>
  kill(): Promise<void>
  /** One pass, which may fail when something is wrong with the state directory. */
  once(hardship?: Hardship): Promise<End>
  /** Something was done to the state directory that may make it older, or other, than what was shown. */
  hurt(): void
}

/** What V8 ends with when it gets no memory, whoever asks for it. */
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
  /** Since the last start, or when it started. */
  let hurt = false
  /** Since the start before. */
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
        // Who cannot read what is there may say so and end.
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

/** No process ends by a signal that it was not sent. */
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
