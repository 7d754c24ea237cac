// Writes the file of `once --output`. Readers see the old text or the new, never a part. A symbolic link is kept, and
// its target is replaced. Anything but a regular file, such as /dev/null, is written to or refused, never replaced.
import { randomBytes } from 'node:crypto'
import { constants, openSync, rmSync, type Stats } from 'node:fs'
import { lstat, open, readlink, realpath, rename, stat } from 'node:fs/promises'
import { Socket } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ConfigError } from '../config/config-error.js'

/** A regular file, which need not exist, is replaced. Pipes, terminals and other devices are written to. */
type Destination =
  | { readonly kind: 'file'; readonly path: string; readonly before: Stats | undefined }
  | { readonly kind: 'device' | 'pipe'; readonly path: string }
  | { readonly kind: 'stdout' }

const MAX_LINKS = 40
/** Files that the process already has open. The links there lead to no path that could be replaced. */
const OPEN_FILE = /^\/(?:dev|proc\/[^/]+)\/fd\/(\d+)$/

/**
 * Checks the path before there is anything to write.
 * @throws ConfigError if it can be neither replaced nor written to
 */
export async function checkOutput(output: string): Promise<void> {
  await destinationOf(output)
}

/** @throws ConfigError as `checkOutput` does; Error with a message of one line if writing fails */
export async function writeOutput(output: string, body: Buffer): Promise<void> {
  try {
    // Checked again, because the path may have changed in the meantime.
    const destination = await destinationOf(output)
    switch (destination.kind) {
      case 'stdout':
        await print(body)
        break
      case 'device':
        await writeTo(destination.path, body)
        break
      case 'pipe':
        await pour(destination.path, body)
        break
      case 'file':
        await replace(destination.path, body, destination.before)
    }
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new Error(`cannot write ${output}: ${(error as Error).message}`, { cause: error })
  }
}

export function print(text: string | Buffer): Promise<void> {
  return new Promise((done, failed) => {
    process.stdout.write(text, (error) => (error ? failed(error) : done()))
  })
}

async function destinationOf(output: string): Promise<Destination> {
  let path = output
  for (let links = 0; links <= MAX_LINKS; links += 1) {
    const descriptor = OPEN_FILE.exec(path)?.[1]
    // A socket, as service managers provide it, cannot be opened by name.
    if (descriptor === '1') return { kind: 'stdout' }
    const stats = await (descriptor === undefined ? lstat : stat)(path).catch(nothingThere)
    if (stats?.isSymbolicLink()) {
      path = resolve(await realpath(dirname(path)), await readlink(path))
      continue
    }
    if (stats?.isDirectory()) throw refusal(output, 'it is a directory; name a file in it')
    if (stats?.isSocket()) throw refusal(output, 'it is a socket')
    if (stats?.isBlockDevice()) throw refusal(output, 'it is a block device')
    if (stats?.isFIFO()) return { kind: 'pipe', path }
    const replaced = descriptor === undefined && (stats === undefined || stats.isFile())
    return replaced ? { kind: 'file', path, before: stats } : { kind: 'device', path }
  }
  throw refusal(output, `more than ${MAX_LINKS} links`)
}

function nothingThere(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

const refusal = (output: string, reason: string): ConfigError =>
  new ConfigError(`--output: ${JSON.stringify(output)}: ${reason}`)

async function writeTo(path: string, body: Buffer): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND)
  try {
    await file.writeFile(body)
  } finally {
    await file.close()
  }
}

/** Does not wait for a reader in a thread, because the process could not end in the meantime. */
async function pour(path: string, body: Buffer): Promise<void> {
  await pipeline([body], new Socket({ fd: openPipe(path), readable: false, writable: true }))
}

function openPipe(path: string): number {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error
    throw new Error('no process reads from this pipe', { cause: error })
  }
}

/** Writes a temporary file beside the target, under an unpredictable name, so that nobody can place a link there. */
async function replace(path: string, body: Buffer, before: Stats | undefined): Promise<void> {
  const temporary = join(dirname(path), `.agent-usage-exporter.${randomBytes(8).toString('hex')}.tmp`)
  // Windows has no O_NOFOLLOW; undefined counts as 0.
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  const mode = before === undefined ? 0o666 : before.mode & 0o777
  const file = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
  const remove = (): void => rmSync(temporary, { force: true })
  // Handles a signal that ends the process while it writes.
  process.once('exit', remove)
  try {
    try {
      if (before !== undefined) await likeBefore(file, before)
      await file.writeFile(body)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    remove()
    throw error
  } finally {
    process.off('exit', remove)
  }
}

/** Whoever could read the old text can read the new one. A run as root keeps the owner of the file. */
async function likeBefore(file: Awaited<ReturnType<typeof open>>, { uid, gid, mode }: Stats): Promise<void> {
  const now = await file.stat()
  if (now.uid !== uid || now.gid !== gid) await file.chown(uid, gid).catch(() => undefined)
  await file.chmod(mode & 0o777)
}
