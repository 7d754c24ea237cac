// A machine that can be broken: a mount namespace with a small disk in it, and limits for the programs that run there. No other
// process sees the mounts, which disappear with the process that holds the namespace.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, type TestContext } from 'vitest'
import { run } from '../support/tool.js'

/** Limits of a program. */
export interface Hardship {
  /** Maximum number of open files, including connections. */
  readonly descriptors?: number
  /** Maximum address space in bytes. */
  readonly addressSpace?: number
  /** Runs as root without capabilities, so that it can be denied access to another user's state. */
  readonly powerless?: boolean
}

export interface Machine {
  /** Path of the small disk on the machine. */
  readonly disk: string
  /** Converts a path on the machine to one that this process can use. */
  reach(path: string): string
  /** Fills the disk except for `butBytes`, rounded up to pages. */
  fill(butBytes?: number): void
  free(): void
  /** Makes the disk read-only for files opened from now on; open files stay writable. */
  makeReadOnly(): void
  makeWritable(): void
  /** Sets the wall clock of programs with a simulated clock off by a number of seconds. */
  setClock(seconds: number): void
  /** Words before a command that make it run on the machine. */
  prefix(hardship?: Hardship): readonly string[]
}

/**
 * Creates a machine for the duration of the test. Without the permission or the tools, the test is skipped; in CI it fails.
 * @param parent an empty folder
 * @param megabytes size of the disk
 */
export async function createMachine(
  context: TestContext,
  parent: string,
  { megabytes = 4, clock = false } = {},
): Promise<Machine> {
  for (const tool of ['unshare', 'nsenter', 'prlimit', 'setpriv', 'mount']) run(context, tool, ['--version'], parent)
  const allowed = run(context, 'unshare', ['--mount', 'true'], parent)
  if (allowed.status !== 0) cannot(context, `cannot mount anything: ${allowed.says}`)
  const preload = clock ? (fakeClock() ?? cannot(context, 'faketime has no library here')) : undefined

  // The holder exits at the end of its input, even if this process is killed.
  const holder = spawn('unshare', ['--mount', '--propagation=private', 'sh', '-c', 'echo; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const gone = once(holder, 'close')
  await once(holder.stdout, 'data')
  onTestFinished(async () => {
    holder.stdin.end()
    await gone
  })
  const reach = (path: string): string => `/proc/${holder.pid!}/root${path}`
  const enter = ['nsenter', '--mount', `--target=${holder.pid!}`]
  const inside = (...command: readonly string[]): void => {
    const [tool = '', ...args] = [...enter, ...command]
    const { status, stderr } = spawnSync(tool, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`)
  }

  const disk = join(parent, 'disk')
  const filler = reach(join(disk, 'filler'))
  const clockFile = join(parent, 'clock')
  mkdirSync(disk)
  inside('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'none', disk)

  function setClock(seconds: number): void {
    writeFileSync(`${clockFile}.new`, seconds < 0 ? String(seconds) : `+${seconds}`)
    renameSync(`${clockFile}.new`, clockFile)
  }
  setClock(0)

  const faked =
    preload === undefined
      ? []
      : [
          'env',
          `LD_PRELOAD=${preload}`,
          `FAKETIME_TIMESTAMP_FILE=${clockFile}`,
          'FAKETIME_NO_CACHE=1',
          'FAKETIME_DONT_FAKE_MONOTONIC=1',
          'NO_FAKE_STAT=1',
        ]

  return {
    disk,
    reach,
    setClock,
    fill(butBytes = 0) {
      const taken = fillUp(filler)
      if (butBytes > 0) truncateSync(filler, Math.max(0, taken - butBytes))
    },
    free: () => rmSync(filler, { force: true }),
    makeReadOnly: () => inside('mount', '-o', 'bind,ro', disk, disk),
    makeWritable: () => inside('umount', '--lazy', disk),
    prefix: ({ descriptors, addressSpace, powerless = false } = {}) => [
      ...enter,
      ...(descriptors === undefined ? [] : ['prlimit', `--nofile=${descriptors}:${descriptors}`]),
      ...(addressSpace === undefined ? [] : ['prlimit', `--as=${addressSpace}`]),
      ...(powerless ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : []),
      ...faked,
    ],
  }
}

/**
 * Path of faketime's library. The command is not used: it creates a semaphore named by its process id, which fails if an
 * earlier process with that id left one.
 */
function fakeClock(): string | undefined {
  const roots = ['/usr/lib', '/usr/lib64', '/usr/local/lib'].filter((root) => existsSync(root))
  const folders = roots.flatMap((root) => [root, ...readdirSync(root).map((name) => join(root, name))])
  return folders.map((folder) => join(folder, 'faketime', 'libfaketimeMT.so.1')).find((file) => existsSync(file))
}

function cannot(context: TestContext, why: string): never {
  if (process.env.CI) throw new Error(why)
  console.warn(`MISSING: ${why}`)
  return context.skip(`MISSING: ${why}`)
}

/** Appends until the disk is full. @returns the size of the file */
function fillUp(path: string): number {
  const zeros = Buffer.alloc(65_536)
  const fd = openSync(path, 'a')
  let size = 0
  try {
    for (;;) size += writeSync(fd, zeros)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    return size
  } finally {
    closeSync(fd)
  }
}
