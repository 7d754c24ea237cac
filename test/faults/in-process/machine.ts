// A machine in memory for the store of the whole program: a disk, locks on it, two clocks, and processes that can end at any
// call to the disk. A process has no effect after its end.
import type { FileCalls } from '../../../src/store/files.js'
import type { StoreMachine } from '../../../src/app/persistence.js'
import { lockPath } from '../../../src/store/lock.js'
import { SimulatedDisk } from '../../store/simulated-disk.js'

export type End = 'killed' | 'power cut'

export interface Process {
  readonly machine: StoreMachine
  /** Undefined while the process lives. */
  readonly end: End | undefined
  /** @param chance from 0 to 1: decides what a power cut leaves */
  die(end: End, chance: () => number): void
  /** Ends the process instead of its call to the disk after `calls` others. If that call is a write, a part is written. */
  dieAt(calls: number, end: End, chance: () => number): void
}

export class Machine {
  readonly disk = new SimulatedDisk()
  monotonicMs = 1_000
  /** Offsets of the simulated wall clock from the real one, each with the real time from which it applies; newest first. */
  #offsets: { readonly fromMs: number; readonly offsetMs: number }[]

  /** @param startMs initial time of the wall clock in milliseconds since the epoch */
  constructor(startMs: number) {
    const fromMs = Date.now()
    this.#offsets = [{ fromMs, offsetMs: startMs - fromMs }]
  }

  readonly now = (): number => this.simulated(Date.now())

  simulated(realMs: number): number {
    return realMs + (this.#offsets.find(({ fromMs }) => fromMs <= realMs) ?? this.#offsets.at(-1)!).offsetMs
  }

  /** Sets the wall clock and leaves the monotonic clock unchanged. */
  setClock(byMs: number): void {
    const fromMs = Date.now()
    this.#offsets.unshift({ fromMs, offsetMs: this.#offsets[0]!.offsetMs + byMs })
    this.disk.now = this.now()
  }

  pass(ms: number): void {
    this.monotonicMs += ms
    this.setClock(ms)
  }

  spawn(): Process {
    const { disk, now } = this
    let end: End | undefined
    let death: { left: number; readonly end: End; readonly chance: () => number } | undefined
    const die = (how: End, chance: () => number): void => {
      if (end !== undefined) return
      end = how
      if (how === 'killed') disk.kill()
      else disk.cutPower(chance)
    }
    const files = new Proxy(disk.files, {
      get(target, name: keyof FileCalls) {
        const call = target[name] as (...args: unknown[]) => unknown
        return (...args: unknown[]) => {
          if (end === undefined) disk.now = now()
          if (end === undefined && death !== undefined && (death.left -= 1) < 0) {
            if (name === 'writeSync') call(...args.with(3, Math.floor(Number(args[3]) * death.chance())))
            die(death.end, death.chance)
          }
          if (end === undefined) return call(...args)
          const error = Object.assign(new Error('the process is gone'), { code: 'EBADF' })
          if (name === 'fdatasync') queueMicrotask(() => (args[1] as (error: Error) => void)(error))
          else if (name !== 'closeSync') throw error
          return undefined
        }
      },
    })
    return {
      machine: { files, locks: locksOn(files), now: this.now },
      get end() {
        return end
      },
      die,
      dieAt: (left, how, chance) => void (death = { left, end: how, chance }),
    }
  }
}

/** Locks that are never contended. They only need a file and a descriptor. */
function locksOn(files: FileCalls): NonNullable<StoreMachine['locks']> {
  return {
    directory(dir) {
      const path = lockPath(dir)
      const fd = files.openSync(path, files.lstatSync(path, { throwIfNoEntry: false }) === undefined ? 'wx+' : 'r+')
      return { kind: 'taken', release: () => files.closeSync(fd) }
    },
    file: () => true,
  }
}
