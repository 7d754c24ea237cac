// A disk in memory behind the store's file calls. It can be full, read-only, out of descriptors or another user's, fail
// single calls, and lose power: then flushed data and any part of the unflushed data remain.
import type { FileCalls } from '../../src/store/files.js'

interface Inode {
  readonly number: number
  readonly directory: boolean
  data: Buffer
  durable: Buffer
  /** Writes since the last flush, in their order. */
  unflushed: { readonly at: number; readonly bytes: Buffer }[]
  ctimeMs: number
}

interface Open {
  readonly inode: Inode
  readonly writable: boolean
  readonly path: string
}

export type Call =
  'open' | 'read' | 'write' | 'flush' | 'rename' | 'link' | 'remove' | 'truncate' | 'stat' | 'mkdir' | 'list'

export class SimulatedDisk {
  /** Bytes in all files together. */
  capacity = Infinity
  readOnly = false
  /** Files of another user: readable, not writable. */
  foreign = false
  descriptors = Infinity
  /** Returns an error code if this call must fail. */
  fails: (call: Call, path: string) => string | undefined = () => undefined
  now = 1_000_000
  renames = 0
  #names = new Map<string, Inode>()
  #durableNames = new Map<string, Inode>()
  readonly #open = new Map<number, Open>()
  #inodes = 0
  #descriptors = 100

  constructor() {
    this.#names.set('/', this.#inode(true))
    this.#durableNames = new Map(this.#names)
  }

  get openFiles(): number {
    return this.#open.size
  }

  names(): string[] {
    return [...this.#names.keys()].sort()
  }

  read(path: string): Buffer | undefined {
    const inode = this.#names.get(path)
    return inode && Buffer.from(inode.data)
  }

  /** Writes a file as another program would: as a new inode, or in place. */
  put(path: string, data: Buffer, inPlace = false): void {
    const known = this.#names.get(path)
    const inode = inPlace && known !== undefined ? known : this.#inode(false)
    inode.data = Buffer.from(data)
    inode.durable = Buffer.from(data)
    inode.unflushed = []
    this.#touch(inode)
    this.#names.set(path, inode)
    this.#durableNames.set(path, inode)
  }

  /** Moves a path with everything below it. @param to undefined: removes it */
  move(path: string, to?: string): void {
    for (const [name, inode] of [...this.#names]) {
      if (name !== path && !name.startsWith(`${path}/`)) continue
      this.#names.delete(name)
      this.#durableNames.delete(name)
      if (to === undefined) continue
      this.#names.set(to + name.slice(path.length), inode)
      this.#durableNames.set(to + name.slice(path.length), inode)
    }
  }

  /** Ends every process: all descriptors are closed. */
  kill(): void {
    this.#open.clear()
  }

  /** @param chance returns 0 to 1; decides which unflushed data remains */
  cutPower(chance: () => number): void {
    this.kill()
    if (chance() < 0.5) this.#names = new Map(this.#durableNames)
    for (const inode of new Set(this.#names.values())) {
      let data = inode.durable
      for (const { at, bytes } of inode.unflushed) {
        const kept = chance()
        // Lost, complete, or torn.
        if (kept < 0.3) continue
        data = written(data, at, kept < 0.7 ? bytes : bytes.subarray(0, Math.floor(bytes.length * chance())))
      }
      inode.data = Buffer.from(data)
      inode.durable = inode.data
      inode.unflushed = []
    }
    this.#durableNames = new Map(this.#names)
  }

  /** The file calls for a store. */
  get files(): FileCalls {
    const calls = {
      openSync: (path: string, flags: string) => this.#openFile(path, flags),
      closeSync: (fd: number) => this.#close(fd),
      fstatSync: (fd: number) => statOf(this.#known(fd).inode),
      lstatSync: (path: string, options?: { readonly throwIfNoEntry?: boolean }) => {
        this.#try('stat', path)
        const inode = this.#names.get(path)
        if (inode === undefined && options?.throwIfNoEntry === false) return undefined
        return statOf(inode ?? raise('ENOENT', path))
      },
      readSync: (fd: number, into: Buffer, offset: number, length: number, position: number) => {
        const { inode, path } = this.#known(fd)
        this.#try('read', path)
        return inode.data.copy(into, offset, position, Math.min(position + length, inode.data.length))
      },
      writeSync: (fd: number, from: Buffer, offset: number, length: number, position: number) =>
        this.#write(fd, from.subarray(offset, offset + length), position),
      fdatasyncSync: (fd: number) => this.#flush(fd),
      fdatasync: (fd: number, done: (error: Error | null) => void) => {
        try {
          this.#flush(fd)
          queueMicrotask(() => done(null))
        } catch (error) {
          queueMicrotask(() => done(error as Error))
        }
      },
      fsyncSync: (fd: number) => this.#flush(fd),
      ftruncateSync: (fd: number, length: number) => {
        const { inode, path, writable } = this.#known(fd)
        this.#try('truncate', path, writable)
        inode.data = written(inode.data.subarray(0, length), length, Buffer.alloc(0))
        // A simplification: truncation is durable at once.
        inode.durable = inode.durable.subarray(0, length)
        this.#touch(inode)
      },
      renameSync: (from: string, to: string) => {
        this.#try('rename', to, true)
        const inode = this.#names.get(from) ?? raise('ENOENT', from)
        this.#names.set(to, inode)
        this.#names.delete(from)
        this.#touch(inode)
        this.renames += 1
      },
      linkSync: (from: string, to: string) => {
        this.#try('link', to, true)
        const inode = this.#names.get(from) ?? raise('ENOENT', from)
        if (this.#names.has(to)) raise('EEXIST', to)
        this.#names.set(to, inode)
        this.#touch(inode)
      },
      rmSync: (path: string, options?: { readonly force?: boolean }) => {
        if (!this.#names.has(path)) return options?.force === true ? undefined : raise('ENOENT', path)
        this.#try('remove', path, true)
        this.#names.delete(path)
        return undefined
      },
      mkdirSync: (path: string) => {
        for (let at = path.indexOf('/', 1); ; at = path.indexOf('/', at + 1)) {
          const part = at < 0 ? path : path.slice(0, at)
          const known = this.#names.get(part)
          if (known?.directory === false) raise('EEXIST', part)
          if (known === undefined) {
            this.#try('mkdir', part, true)
            this.#names.set(part, this.#inode(true))
            this.#durableNames.set(part, this.#names.get(part)!)
          }
          if (at < 0) return
        }
      },
      readdirSync: (path: string) => {
        this.#try('list', path)
        const below = `${path}/`
        return this.names()
          .filter((name) => name.startsWith(below) && !name.slice(below.length).includes('/'))
          .map((name) => name.slice(below.length))
      },
    }
    return calls as unknown as FileCalls
  }

  #openFile(path: string, flags: string): number {
    const writes = flags !== 'r'
    this.#try('open', path)
    if (this.#open.size >= this.descriptors) raise('EMFILE', path)
    const known = this.#names.get(path)
    if (flags.startsWith('wx')) {
      if (known !== undefined) raise('EEXIST', path)
      this.#try('write', path, true)
      if (!this.#names.has(path.slice(0, path.lastIndexOf('/')))) raise('ENOENT', path)
      this.#names.set(path, this.#inode(false))
    } else if (known === undefined) raise('ENOENT', path)
    else if (writes) this.#try('open', path, true)
    this.#descriptors += 1
    this.#open.set(this.#descriptors, { inode: this.#names.get(path)!, writable: writes, path })
    return this.#descriptors
  }

  #close(fd: number): void {
    this.#known(fd)
    this.#open.delete(fd)
  }

  #write(fd: number, bytes: Buffer, position: number): number {
    const { inode, path, writable } = this.#known(fd)
    this.#try('write', path, writable)
    const more = Math.max(0, position + bytes.length - inode.data.length)
    const free = Math.max(0, this.capacity - this.#used())
    const fit = more <= free ? bytes.length : bytes.length - (more - free)
    if (fit <= 0 && bytes.length > 0) raise('ENOSPC', path)
    const part = Buffer.from(bytes.subarray(0, fit))
    inode.data = written(inode.data, position, part)
    inode.unflushed.push({ at: position, bytes: part })
    this.#touch(inode)
    return fit
  }

  #flush(fd: number): void {
    const { inode, path } = this.#known(fd)
    const failure = this.fails('flush', path)
    if (failure !== undefined) {
      // Like the kernel: unwritten data is dropped, and the next flush succeeds.
      inode.unflushed = []
      raise(failure, path)
    }
    if (inode.directory) this.#durableNames = new Map(this.#names)
    inode.durable = Buffer.from(inode.data)
    inode.unflushed = []
  }

  #try(call: Call, path: string, writes = false): void {
    const code = this.fails(call, path)
    if (code !== undefined) raise(code, path)
    if (writes && this.readOnly) raise('EROFS', path)
    if (writes && this.foreign) raise('EACCES', path)
  }

  #known(fd: number): Open {
    return this.#open.get(fd) ?? raise('EBADF', String(fd))
  }

  #used(): number {
    let used = 0
    for (const inode of new Set(this.#names.values())) used += inode.data.length
    return used
  }

  #inode(directory: boolean): Inode {
    this.#inodes += 1
    return {
      number: this.#inodes,
      directory,
      data: Buffer.alloc(0),
      durable: Buffer.alloc(0),
      unflushed: [],
      ctimeMs: this.now,
    }
  }

  #touch(inode: Inode): void {
    inode.ctimeMs = this.now
  }
}

function written(data: Buffer, at: number, bytes: Buffer): Buffer {
  const grown = Buffer.alloc(Math.max(data.length, at + bytes.length))
  data.copy(grown)
  bytes.copy(grown, at)
  return grown
}

function statOf({ number, data, ctimeMs, directory }: Inode): object {
  return { dev: 1, ino: number, size: data.length, ctimeMs, isFile: () => !directory }
}

function raise(code: string, path: string): never {
  throw Object.assign(new Error(`${code}: ${path}`), { code })
}
