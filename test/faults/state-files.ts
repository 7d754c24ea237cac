// The files of a state directory. All that is assumed is that the largest one is the state.
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

export const NOBODY = 65_534

/** Paths of the files, largest first. */
export function filesOf(dir: string): readonly string[] {
  const paths = existsSync(dir) ? readdirSync(dir).map((name) => join(dir, name)) : []
  return paths.filter((path) => statSync(path).isFile()).sort((a, b) => statSync(b).size - statSync(a).size)
}

export function copyTo(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  cpSync(from, to, { recursive: true, preserveTimestamps: true })
}

/** Replaces a directory like `mv` or a slow restore: old files are gone, new ones have other inodes. */
export function replaceBy(from: string, dir: string): void {
  const incoming = join(dirname(dir), 'incoming')
  copyTo(from, incoming)
  rmSync(dir, { recursive: true, force: true })
  renameSync(incoming, dir)
}

/** Copies like `cp`: files keep their inodes, and files that `from` does not have stay. */
export function copyOver(from: string, dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  for (const path of filesOf(from)) copyFileSync(path, join(dir, basename(path)))
}

/** Replaces the largest file by another file. */
export function replaceLargest(from: string, dir: string): void {
  const [source] = filesOf(from)
  if (source === undefined) return
  const incoming = join(dirname(dir), 'incoming')
  copyFileSync(source, incoming)
  renameSync(incoming, join(dir, basename(source)))
}

/** Removes the files with "lock" in their names. */
export function removeLocks(dir: string): void {
  for (const path of filesOf(dir)) if (basename(path).includes('lock')) rmSync(path)
}

/** @param readable whether everybody may read the files */
export function giveTo(owner: number, dir: string, readable: boolean): void {
  for (const path of [dir, ...filesOf(dir)]) {
    chownSync(path, owner, owner)
    chmodSync(path, (path === dir ? 0o700 : 0o600) | (readable ? (path === dir ? 0o055 : 0o044) : 0))
  }
}
