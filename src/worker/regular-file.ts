// Opens what a directory lists as a file. It may have become something else in the meantime: a named pipe, whose
// opening waits for a writer, or a terminal, which would become this program's.
import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs'
import { nativePath } from './path-bytes.js'

// Windows has neither of the two flags.
const { O_RDONLY, O_NONBLOCK = 0, O_NOCTTY = 0 } = constants as Partial<typeof constants> & { O_RDONLY: number }

export interface OpenFile {
  readonly descriptor: number
  readonly stat: Stats
}

/** @throws the error of opening it, and an Error if it is not a regular file. Never waits. */
export function openRegularFile(path: string): OpenFile {
  // The flags do not affect a regular file.
  const descriptor = openSync(nativePath(path), O_RDONLY | O_NONBLOCK | O_NOCTTY)
  try {
    const stat = fstatSync(descriptor)
    if (!stat.isFile()) throw new Error(`not a regular file: ${path}`)
    return { descriptor, stat }
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}
