// The files of a state directory, of which nothing is known but that the largest is the one that matters.
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

/** Largest first. */
export function filesOf(dir: string): readonly string[] {
  const paths = existsSync(dir) ? readdirSync(dir).map((name) => join(dir, name)) : []
  return paths.filter((path) => statSync(path).isFile()).sort((a, b) => statSync(b).size - statSync(a).size)
}

export function copyTo(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  cpSync(from, to, { recursive: true, preserveTimestamps: true })
}

/** As `mv` does it, or a restore that takes its time: what was there is gone, what comes has other inodes. */
export function replaceBy(from: string, dir: string): void {
  const incoming = join(dirname(dir), 'incoming')
  copyTo(from, incoming)
  rmSync(dir, { recursive: true, force: true })
  renameSync(incoming, dir)
}

/** As `cp` does it: files keep their inodes, and those that `from` does not have stay. */
export function copyOver(from: string, dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  for (const path of filesOf(from)) copyFileSync(path, join(dir, basename(path)))
}

/** Another file in the place of the one that matters. */
export function replaceLargest(from: string, dir: string): void {
  const [source] = filesOf(from)
  if (source === undefined) return
  const incoming = join(dirname(dir), 'incoming')
  copyFileSync(source, incoming)
  renameSync(incoming, join(dir, basename(source)))
}

/** Whatever says by its name that it is a lock. */
export function removeLocks(dir: string): void {
  for (const path of filesOf(dir)) if (basename(path).includes('lock')) rmSync(path)
}

/** @param readable by everybody */
export function giveTo(owner: number, dir: string, readable: boolean): void {
  for (const path of [dir, ...filesOf(dir)]) {
    chownSync(path, owner, owner)
    chmodSync(path, (path === dir ? 0o700 : 0o600) | (readable ? (path === dir ? 0o055 : 0o044) : 0))
  }
}
