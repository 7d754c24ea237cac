// Creates a directory with its parents. Node's own `recursive` never returns where an existing parent answers ENOENT, as
// /proc does.
import * as fs from 'node:fs'
import { dirname } from 'node:path'

/**
 * Leaves a directory that exists as it is.
 * @param mode of each directory that is created
 * @throws the error of the file system if a directory is missing and cannot be created
 */
export function makeDirectory(dir: string, mode = 0o777, files: Pick<typeof fs, 'mkdirSync'> = fs): void {
  const make = (isFirst: boolean): boolean => {
    try {
      files.mkdirSync(dir, { mode })
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' && isFirst && dirname(dir) !== dir) return false
      // A file of that name fails when something is created in it.
      if (code !== 'EEXIST') throw error
    }
    return true
  }
  if (make(true)) return
  makeDirectory(dirname(dir), mode, files)
  make(false)
}
