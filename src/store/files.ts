// The file calls of the store. Tests pass calls that fail as disks do.
import * as fs from 'node:fs'

/** Name of the state's file in its directory. */
export const JOURNAL = 'state.journal'

export type FileCalls = Pick<
  typeof fs,
  | 'closeSync'
  | 'fdatasync'
  | 'fdatasyncSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'ftruncateSync'
  | 'linkSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readSync'
  | 'readdirSync'
  | 'renameSync'
  | 'rmSync'
  | 'writeSync'
>

export const FILE_CALLS: FileCalls = fs

/**
 * Makes changes of the names in a directory survive a power cut. Not every file system supports it, and Windows does
 * not open directories.
 */
export function flushDirectory(files: FileCalls, dir: string): void {
  if (process.platform === 'win32') return
  const fd = files.openSync(dir, 'r')
  try {
    files.fsyncSync(fd)
  } catch (error) {
    if (!['EINVAL', 'ENOSYS', 'ENOTSUP'].includes(codeOf(error) ?? '')) throw error
  } finally {
    files.closeSync(fd)
  }
}

export function codeOf(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
