// Reads paths that a log names. A log may name anything, so only local and fast paths are read: nothing on a network or
// automatic mount, nothing through a link, no device, no pipe, and at most 4 kB of a file. Nothing here throws.
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute } from 'node:path'
import { normalPath } from '../core/labels/folders.js'

/** The calls that touch a disk. */
export interface Disk {
  /** The kind of a path itself, links not followed; undefined if it does not exist or must not be read. */
  entry(path: string): Entry | undefined
  /** That many first bytes of a regular file; '' for anything else. */
  start(path: string, bytes: number): string
  /** Type of the file system at each mount point; undefined if the system does not provide it. */
  mounts(): ReadonlyMap<string, string> | undefined
  /** The user's home directory, normalised. */
  readonly home: string
}

export interface Entry {
  readonly kind: 'directory' | 'file' | 'other'
  readonly device: number
}

/** Deeper folders are not read. */
const LEVELS = 64
const MOST_BYTES = 4096
/** All others are on a network, start something when accessed (autofs), or are a program (fuse). */
const LOCAL_TYPES = new Set(
  'bcachefs btrfs drvfs ecryptfs exfat ext2 ext3 ext4 f2fs fuseblk jfs ntfs ntfs3 overlay ramfs rootfs squashfs tmpfs vfat xfs zfs'.split(
    ' ',
  ),
)

/**
 * The directories on the way to a path, from the root on, as far as they exist and may be read. If the system lists its
 * mounts: those on local file systems. Otherwise: the home directory and what is below it on the same device.
 */
export function localDirectories(path: string, disk: Disk): readonly string[] {
  if (path.startsWith('//') || !isAbsolute(path)) return []
  const types = disk.mounts()
  const found: string[] = []
  let device = Number.NaN
  for (const part of path.split('/').slice(0, LEVELS)) {
    if (part === '.' || part === '..') break
    const directory = found.length === 0 ? `${part}/` : below(found.at(-1)!, part)
    const type = types?.get(directory)
    const mayLook = types === undefined ? isOnTheWay(directory, disk.home) : type === undefined || LOCAL_TYPES.has(type)
    const entry = mayLook ? disk.entry(directory) : undefined
    if (entry?.kind !== 'directory') break
    if (types === undefined && directory.length > disk.home.length && entry.device !== device) break
    device = entry.device
    found.push(directory)
  }
  return found
}

/** The first 4 kB of a file, if it exists and its directory may be read. */
export function startOfFile(directory: string, name: string, disk: Disk): string {
  return localDirectories(directory, disk).at(-1) === directory ? disk.start(below(directory, name), MOST_BYTES) : ''
}

export function below(directory: string, name: string): string {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`
}

/** The home directory, or a directory above or below it. Also on systems that ignore case. */
function isOnTheWay(directory: string, home: string): boolean {
  const [shorter, longer] = [directory, home]
    .map((each) => `${each.toLowerCase()}/`.replace('//', '/'))
    .sort((a, b) => a.length - b.length)
  return longer!.startsWith(shorter!)
}

export const localDisk: Disk = {
  entry(path) {
    try {
      const stat = lstatSync(path, { throwIfNoEntry: false })
      if (stat === undefined) return undefined
      return { kind: stat.isDirectory() ? 'directory' : stat.isFile() ? 'file' : 'other', device: stat.dev }
    } catch {
      return undefined
    }
  },
  start(path, bytes) {
    try {
      // Does not wait for what has become a pipe in the meantime.
      const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
      try {
        const buffer = Buffer.alloc(bytes)
        return fstatSync(descriptor).isFile()
          ? buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, bytes, 0))
          : ''
      } finally {
        closeSync(descriptor)
      }
    } catch {
      return ''
    }
  },
  mounts: rememberedMounts(),
  home: normalPath(homedir()),
}

/** Many projects are looked up at once: the table is read at most once a second. */
function rememberedMounts(): Disk['mounts'] {
  let known: { readonly types: ReadonlyMap<string, string> | undefined; readonly atMs: number } | undefined
  return () => {
    const atMs = performance.now()
    if (known === undefined || atMs - known.atMs > 1000) known = { types: readMounts(), atMs }
    return known.types
  }
}

function readMounts(): ReadonlyMap<string, string> | undefined {
  try {
    return mountsOf(readFileSync('/proc/self/mountinfo', 'utf8'))
  } catch {
    return undefined
  }
}

/** From Linux's /proc/self/mountinfo. A drive that WSL mounts is local, although it uses a network protocol. */
export function mountsOf(mountinfo: string): ReadonlyMap<string, string> {
  const types = new Map<string, string>()
  for (const line of mountinfo.split('\n')) {
    const [, point, type, options] = /^\S+ \S+ \S+ \S+ (\S+) .*? - (\S+) \S+ (.*)$/.exec(line) ?? []
    if (point === undefined) continue
    const isDrive = type === '9p' && /aname=drvfs;path=[A-Za-z]:/.test(options!)
    types.set(
      point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
      isDrive ? 'drvfs' : type!,
    )
  }
  return types
}
