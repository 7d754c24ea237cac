// A machine in memory for the store of the whole program: a disk, locks on it, two clocks, and processes that end at any
// call to the disk. What a process does after its end comes to nothing.
import type { FileCalls } from '../../../src/store/files.js'
import type { StoreMachine } from '../../../src/app/persistence.js'
import { lockPath } from '../../../src/store/lock.js'
import { SimulatedDisk } from '../../store/simulated-disk.js'

export type End = 'killed' | 'power cut'

export interface Process {
  readonly machine: StoreMachine
  /** undefined: it lives. */
  readonly end: End | undefined
  /** @param chance from 0 to 1: decides what a power cut leaves */
  die(end: End, chance: () => number): void
  /** It dies instead of making a later call to the disk; of what it writes then a part is written. */
  dieAt(calls: number, end: End, chance: () => number): void
}

export class Machine {
  readonly disk = new SimulatedDisk()
  monotonicMs = 1_000
  /** Wall clock minus that of this process, from a time of the latter on; the newest first. */
  #offsets: { readonly fromMs: number; readonly offsetMs: number }[]

  /** @param startMs what its wall clock says now, milliseconds since the epoch */
  constructor(startMs: number) {
    const fromMs = Date.now()
    this.#offsets = [{ fromMs, offsetMs: startMs - fromMs }]
  }

  readonly now = (): number => this.simulated(Date.now())

  simulated(realMs: number): number {
    return realMs + (this.#offsets.find(({ fromMs }) => fromMs <= realMs) ?? this.#offsets.at(-1)!).offsetMs
  }

  /** Sets the wall clock alone. */
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

/** Nobody else takes them: what matters is that they need a file, and a descriptor. */
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
