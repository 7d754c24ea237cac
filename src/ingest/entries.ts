// The content of a directory and the target of a link, in our spelling of names: see worker/path-bytes for those that
// are not UTF-8.
import { lstatSync, readdirSync, realpathSync } from 'node:fs'
import { sep } from 'node:path'
import { isSuspect, nativePath, pathOf } from '../worker/path-bytes.js'

export interface Entry {
  readonly name: string
  isDirectory(): boolean
  isFile(): boolean
  isSymbolicLink(): boolean
}

export function entriesOf(directory: string): readonly Entry[] {
  const native = nativePath(directory)
  if (typeof native === 'string') {
    const entries = readdirSync(native, { withFileTypes: true })
    if (!entries.some(({ name }) => isSuspect(name))) return entries
  }
  // Some names are not UTF-8: that is rare, and may take longer.
  return readdirSync(native, 'buffer').flatMap((bytes) => {
    const name = pathOf(bytes)
    const stat = lstatSync(nativePath(directory + sep + name), { throwIfNoEntry: false })
    return stat === undefined ? [] : [Object.assign(stat, { name })]
  })
}

export function realPath(path: string): string {
  // Not the system's own function on Windows, which would resolve a drive letter to what it stands for.
  return process.platform === 'win32' ? realpathSync(path) : pathOf(realpathSync.native(nativePath(path), 'buffer'))
}
