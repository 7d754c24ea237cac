// A file from which a state is read. It is opened for writing if possible, and its kinds of errors are distinguished.
import { NewerStateError, type Change } from '../core/tables/table.js'
import { codeOf, messageOf, type FileCalls } from './files.js'
import { DamagedError } from './journal-format.js'
import type { Stored } from './store.js'

/** Error codes of a file that can be read but not written to. */
const READ_ONLY = ['EROFS', 'EACCES', 'EPERM', 'ETXTBSY']

export interface StateFile {
  readonly fd: number
  readonly writable: boolean
  /** Why it cannot be written to. */
  readonly trouble?: string
}

/** Undefined if there is none. Throws if that cannot be determined, or the file cannot be read. */
export function openStateFile(files: FileCalls, path: string): StateFile | undefined {
  const stat = statOf(files, path)
  if (stat === undefined) return undefined
  if (!stat.isFile()) throw new Error('it is not a regular file')
  try {
    return { fd: files.openSync(path, 'r+'), writable: true }
  } catch (error) {
    if (!READ_ONLY.includes(codeOf(error) ?? '')) throw error
    return { fd: files.openSync(path, 'r'), writable: false, trouble: messageOf(error) }
  }
}

function statOf(files: FileCalls, path: string): ReturnType<FileCalls['lstatSync']> {
  try {
    return files.lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    // The directory is not a directory: nothing is stored there.
    if (codeOf(error) === 'ENOTDIR') return undefined
    throw error
  }
}

/** Passes on the changes read. @throws DamagedError if `stored` finds them inconsistent, or the file is damaged */
export function takeStored(stored: Pick<Stored, 'take'>, ...[heading, changes]: Parameters<Stored['take']>): void {
  let failure: unknown
  function* noting(): Generator<Change> {
    try {
      yield* changes
    } catch (error) {
      failure = error
      throw error
    }
  }
  try {
    stored.take(heading, noting())
  } catch (error) {
    if (failure !== undefined || error instanceof NewerStateError) throw error
    throw new DamagedError(`its content is invalid: ${messageOf(error)}`, { cause: error })
  }
}
