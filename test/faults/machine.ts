// A machine that can be broken: a mount namespace of its own with a small disk in it, and limits for what runs there.
// The mounts are seen by nobody else, and are gone with the process that holds the namespace.
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

/** What a program has to live with. */
export interface Hardship {
  /** Most open files, connections included. */
  readonly descriptors?: number
  /** Bytes. */
  readonly addressSpace?: number
  /** It is root by name only, as whom it can be refused: state may belong to another. */
  readonly powerless?: boolean
}

export interface Machine {
  /** The small disk, as programs on the machine know it. */
  readonly disk: string
  /** The same path as this process reaches it. */
  reach(path: string): string
  /** Takes all room on the disk, or all but so many bytes, which are rounded up to pages. */
  fill(butBytes?: number): void
  free(): void
  /** What is opened from now on can only be read; what is open already stays as it is. */
  makeReadOnly(): void
  makeWritable(): void
  /** Sets the wall clock of programs that were started with it off by so many seconds. */
  setClock(seconds: number): void
  /** Words to put before a command, so that it runs on the machine. */
  prefix(hardship?: Hardship): readonly string[]
}

/**
 * Until the test is done. Without the right or the tools to make one, the test is skipped; in CI it fails.
 * @param parent an empty folder
 * @param megabytes room on the disk
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

  // It ends when its input does, even if this process is killed.
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
 * The library of faketime. Not asked of the command: it makes a semaphore named by its process id, which fails where one
 * is left of an earlier process with that id.
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

/** Appends until nothing more fits. @returns the size of the file */
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
