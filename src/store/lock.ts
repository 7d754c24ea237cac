// Locks a state directory for one process. The lock belongs to the open file, so the kernel releases it however the
// process ends. Where there are no such locks, a file with a process id takes their place, which is weaker.
import { closeSync, constants, ftruncateSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** Takes an exclusive lock on an open file without waiting; false if somebody else holds it. */
export type TryLock = (fd: number, offset: number, length: number) => boolean

export type Locking =
  { readonly kind: 'taken'; readonly release: () => void } | { readonly kind: 'held'; readonly holder?: number }

/** How a directory and the state in it are locked. */
export interface Locks {
  /** Throws the error of the file system if the directory cannot be written to. */
  directory(dir: string): Locking
  /**
   * Also locks the state itself, because a lock file can be removed while its process holds it. False: another process
   * holds the state. Where there are no such locks, the lock file has to do.
   * @param fd open for writing; closing it releases the lock
   */
  file(fd: number): boolean
}

export const LOCKS: Locks = {
  directory: (dir) => lockDirectory(dir),
  file(fd) {
    const tryLock = nativeTryLock()
    try {
      return tryLock === null || tryLock(fd, OFFSET, LENGTH)
    } catch {
      return true
    }
  },
}

// On Windows nobody can read a locked range, and the process id must stay readable: lock one byte far behind it.
// Apple's locks apply to whole files.
const [OFFSET, LENGTH] = process.platform === 'win32' ? [2 ** 30, 1] : [0, 0]

/** The lock file, which holds the process id of its owner. */
export function lockPath(dir: string): string {
  return join(dir, 'lock')
}

/**
 * Locks `dir`, which must exist, with `dir/lock`. If `tryLock` is null, no locks of the operating system are used.
 * Throws the error of the file system if the file cannot be written.
 */
export function lockDirectory(dir: string, tryLock: TryLock | null = nativeTryLock()): Locking {
  const path = lockPath(dir)
  if (tryLock === null) return lockByProcessId(path)
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  let granted: boolean
  try {
    granted = tryLock(fd, OFFSET, LENGTH)
  } catch {
    // Some network file systems do not support locks: ENOLCK, EOPNOTSUPP and others.
    closeSync(fd)
    return lockByProcessId(path)
  }
  if (!granted) {
    closeSync(fd)
    return held(readHolder(path))
  }
  try {
    ftruncateSync(fd, 0)
    writeSync(fd, `${process.pid}\n`, 0)
  } catch {
    // The disk is full: the lock is still held, but the message of the next process cannot name the holder.
  }
  return { kind: 'taken', release: () => closeSync(fd) }
}

/** Removing the file here could let two processes lock two files of one name, so the native lock leaves it behind. */
function lockByProcessId(path: string): Locking {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, `${process.pid}\n`, { flag: 'wx', mode: 0o600 })
      return { kind: 'taken', release: () => rmSync(path, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = readHolder(path)
    if (holder !== undefined && isAnotherLiving(holder)) return held(holder)
    rmSync(path, { force: true })
  }
  return held(readHolder(path))
}

/** Our own id in the file is from before a restart: in a container, every run may have the same id. */
function isAnotherLiving(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function held(holder: number | undefined): Locking {
  return holder === undefined ? { kind: 'held' } : { kind: 'held', holder }
}

function readHolder(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'latin1').trim())
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

function nativeTryLock(): TryLock | null {
  try {
    return (createRequire(import.meta.url)('fs-native-extensions') as { readonly tryLock: TryLock }).tryLock
  } catch {
    return null
  }
}
