// Runs the built program as a process, through its command line and its HTTP port.
import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import limit from 'p-limit'

/** The build, or the installed program that AUE_PROGRAM names. */
export const mainFile = process.env.AUE_PROGRAM ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url))

export interface OnceOptions {
  /** Default: `none`. */
  readonly stateDir?: string
  readonly flags?: readonly string[]
  readonly nodeFlags?: readonly string[]
}

export interface ServeOptions extends OnceOptions {
  /** Words before the command that replace themselves by it, like `unshare`. */
  readonly under?: readonly string[]
  /** Port of 127.0.0.1, for example that of an earlier process; default: a free one. */
  readonly port?: string
}

/** Variables with settings of the program and directories of the agents. */
const TELLS_PLACES =
  /^(?:AGENT_USAGE_|XDG_|OTEL_|CLAUDE_CONFIG_DIR$|PI_\w+_DIR$|OPENCLAW_STATE_DIR$|QWEN_RUNTIME_DIR$|KIMI_SHARE_DIR$|\w+_HOME$)/
/** A home that does not exist, so that a test reads only the logs that it names. */
const NO_HOME = join(tmpdir(), 'agent-usage-no-home')

/** Limits concurrent programs, since more would only slow down each other. */
const twoAtATime = limit(2)

/** Exposition of one pass over the config directories. Rejects with the log if the exit code is not 0. */
export function once(configDirs: readonly string[], options: OnceOptions = {}): Promise<string> {
  return twoAtATime(() => runOnce(configDirs, options))
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** Text written to stdin, which then ends. */
  readonly input?: string
  /** Number of bytes after which stdout is closed. */
  readonly readsOnly?: number
}

/** Runs any command until it exits. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return twoAtATime(async () => {
    const child = start(args, [], [], 'pipe')
    const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
    const { input = '', readsOnly = Infinity } = options
    child.stdin?.end(input)
    let read = 0
    child.stdout.on('data', (chunk: Buffer) => {
      read += chunk.length
      if (read >= readsOnly) child.stdout.destroy()
    })
    const code = await exit(child)
    return { code, stdout: stdout(), stderr: stderr() }
  })
}

async function runOnce(configDirs: readonly string[], options: OnceOptions): Promise<string> {
  const flags = ['once', ...directoryFlags(configDirs, options), ...(options.flags ?? [])]
  const child = start(flags, options.nodeFlags)
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const code = await exit(child)
  if (code !== 0) throw new Error(`once exited with ${String(code)}: ${stderr()}`)
  return stdout()
}

export interface Served {
  /** For example `http://127.0.0.1:40123`. */
  readonly url: string
  readonly child: ChildProcess
  /** Its stdout so far. */
  readonly printed: () => string
  /** Body of `/metrics`. */
  scrape(): Promise<string>
  /** Resolves when the first pass is complete. */
  ready(): Promise<void>
  /** Sends a signal, SIGTERM by default; resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts the exporter on a port of 127.0.0.1; resolves as soon as it listens. */
export function serve(configDirs: readonly string[], options: ServeOptions = {}): Promise<Served> {
  const flags = ['serve', ...directoryFlags(configDirs, options), ...(options.flags ?? [])]
  return serving(flags, options)
}

/** Starts the demo in the same way. */
export function serveDemo(...flags: readonly string[]): Promise<Served> {
  return serving(['demo', ...flags])
}

async function serving(flags: readonly string[], { port = '0', nodeFlags, under }: ServeOptions = {}): Promise<Served> {
  const child = start([...flags, `--web.listen-address=127.0.0.1:${port}`], nodeFlags, under)
  const printed = collect(child.stdout)
  const gone = exit(child)
  const url = await listeningUrl(child, gone)
  const get = async (path: string) => await fetch(url + path)
  return {
    url,
    child,
    printed,
    scrape: async () => {
      const response = await get('/metrics')
      if (!response.ok) throw new Error(`/metrics answered ${response.status}`)
      return response.text()
    },
    ready: async () => {
      while ((await get('/-/ready')).status !== 200) {
        if (child.exitCode !== null) throw new Error('the program ended before it was ready')
      }
    },
    stop: (signal = 'SIGTERM') => {
      child.kill(signal)
      return gone
    },
  }
}

function start(
  flags: readonly string[],
  nodeFlags: readonly string[] = [],
  under: readonly string[] = [],
  stdin: 'ignore' | 'pipe' = 'ignore',
): ChildProcessByStdio<Writable | null, Readable, Readable> {
  if (!existsSync(mainFile)) throw new Error(`${mainFile} is missing: npm run build`)
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !TELLS_PLACES.test(name)))
  // AUE_BACKEND=v8 runs the same tests with another engine, which must make no difference.
  const backend = process.env.AUE_BACKEND ?? 'auto'
  const program = [process.execPath, ...nodeFlags, mainFile, `--parser.backend=${backend}`]
  const [command, ...args] = [...under, ...program, ...flags, '--log.format=json'] as const
  const options = { stdio: [stdin, 'pipe', 'pipe'], env: { ...env, NODE_ENV: 'test', HOME: NO_HOME } } as const
  // The types know the streams only for literal options.
  return spawn(command, args, options as typeof options & { stdio: ['pipe', 'pipe', 'pipe'] })
}

function directoryFlags(configDirs: readonly string[], { stateDir }: OnceOptions): string[] {
  return [...configDirs.map((dir) => `--claude.config-dir=${dir}`), `--state.dir=${stateDir ?? 'none'}`]
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString()
}

function exit(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
}

/** The address that the program bound, from the field `url` of its log. */
async function listeningUrl(child: ReturnType<typeof start>, gone: Promise<number | null>): Promise<string> {
  const log: string[] = []
  const listening = new Promise<string>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line)
      const url = /"url":"(http[^"]+)"/.exec(line)?.[1]
      if (url !== undefined) resolve(url.replace(/\/$/, ''))
    })
  })
  const ended = gone.then((code): never => {
    throw new Error(`serve exited with ${String(code)}: ${log.join('\n')}`)
  })
  ended.catch(() => undefined)
  return Promise.race([listening, ended])
}
