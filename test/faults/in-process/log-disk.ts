// The disk of the logs: real files, read through calls that can be made to fail below one folder. Directory times follow the
// simulated clock, as those of a file system follow the clock of its machine.
import type * as fs from 'node:fs'
import { join } from 'node:path'

type Call = 'openSync' | 'readSync' | 'fstatSync' | 'statSync' | 'lstatSync' | 'readdirSync'

export const CALLS: readonly Call[] = ['openSync', 'readSync', 'fstatSync', 'statSync', 'lstatSync', 'readdirSync']

export interface Fault {
  readonly call: Call
  /** `short`: a read returns fewer bytes than requested. `vanish`: the file is renamed right before it is opened. */
  readonly outcome: 'EIO' | 'EMFILE' | 'EACCES' | 'ENOMEM' | 'short' | 'vanish'
  /** Number of calls that succeed first. */
  after: number
  times: number
}

export interface LogDisk {
  folder: string
  fault: Fault | undefined
  /** Converts real time to simulated time, both in milliseconds since the epoch. */
  simulated: (realMs: number) => number
  /** Number of files that are renamed at the moment. */
  readonly vanished: number
}

/** The fault that calls through `withFaults` obey. */
export const logDisk: LogDisk = {
  folder: '',
  fault: undefined,
  simulated: (realMs) => realMs,
  get vanished() {
    return vanished.length
  },
}

let real: typeof fs
const VANISHED = '.vanished'
const open = new Set<number>()
let vanished: string[] = []
let failures = 0

/** Returns the number of failed calls since the previous call, and resets it. */
export function takeFailures(): number {
  const count = failures
  failures = 0
  return count
}

/** Clears the fault and restores vanished files. */
export function mendLogs(): void {
  logDisk.fault = undefined
  for (const path of vanished.splice(0)) real.renameSync(path + VANISHED, path)
}

export function forgetLogs(): void {
  logDisk.fault = undefined
  vanished = []
  takeFailures()
}

/** Runs `work`, which writes logs, without faults and with vanished files restored. */
export function undisturbed<T>(work: () => T): T {
  const { fault } = logDisk
  mendLogs()
  const result = work()
  logDisk.fault = fault
  return result
}

/** Waits for the file system's clock to advance, some milliseconds on coarse clocks. */
export function passTick(): void {
  const probe = join(logDisk.folder, '..', 'probe')
  const touched = (): number => {
    real.writeFileSync(probe, '')
    return real.statSync(probe).ctimeMs
  }
  const before = touched()
  while (touched() === before);
}

function isDue(call: Call): boolean {
  const { fault } = logDisk
  if (fault?.call !== call || (fault.after -= 1) >= 0 || (fault.times -= 1) < 0) return false
  // Short reads lose nothing, so they are no failures.
  if (fault.outcome !== 'short') failures += 1
  return true
}

function fail(what: string): never {
  const code = logDisk.fault!.outcome
  throw Object.assign(new Error(`${code}: ${what}`), { code })
}

/** `node:fs` whose calls for reading logs fail as `logDisk` demands. */
export function withFaults(actual: typeof fs): typeof fs {
  real = actual
  const isLog = (path: unknown): boolean => logDisk.folder !== '' && String(path).startsWith(logDisk.folder)
  const attempt = (call: Call, path: unknown): void => {
    if (isLog(path) && isDue(call)) fail(String(path))
  }
  const faulty = {
    openSync(path: string, ...rest: [flags: string]) {
      if (isLog(path) && isDue('openSync')) {
        if (logDisk.fault!.outcome !== 'vanish') fail(path)
        actual.renameSync(path, path + VANISHED)
        vanished.push(path)
      }
      const fd = actual.openSync(path, ...rest)
      if (isLog(path)) open.add(fd)
      return fd
    },
    closeSync(fd: number) {
      open.delete(fd)
      actual.closeSync(fd)
    },
    readSync(fd: number, into: Buffer, offset: number, length: number, position: number) {
      const due = open.has(fd) && isDue('readSync')
      if (due && logDisk.fault!.outcome !== 'short') fail(`descriptor ${fd}`)
      return actual.readSync(fd, into, offset, due ? Math.ceil(length / 7) : length, position)
    },
    fstatSync(fd: number) {
      if (open.has(fd) && isDue('fstatSync')) fail(`descriptor ${fd}`)
      return actual.fstatSync(fd)
    },
    statSync(path: string, ...rest: [object]) {
      attempt('statSync', path)
      return actual.statSync(path, ...rest)
    },
    readdirSync(path: string, ...rest: [{ withFileTypes: true }]) {
      attempt('readdirSync', path)
      return actual.readdirSync(path, ...rest)
    },
    lstatSync(path: string, ...rest: [fs.StatSyncOptions]) {
      attempt('lstatSync', path)
      const stat = actual.lstatSync(path, ...rest)
      return isLog(path) && stat !== undefined
        ? Object.assign(stat, { ctimeMs: logDisk.simulated(Number(stat.ctimeMs)) })
        : stat
    },
  }
  return { ...actual, ...faulty } as unknown as typeof fs
}
