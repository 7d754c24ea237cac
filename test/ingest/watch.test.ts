// Real watchers on real folders. Every wait is for an event; a test without events runs into its timeout.
import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs'
import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { underInotifyLimit } from '../support/inotify-limit.js'
import { watchTree, type Watcher, type WatchMode } from '../../src/ingest/watch.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
let dir = ''
const watchers: Watcher[] = []
const unhandled: unknown[] = []
const collect = (error: unknown) => unhandled.push(error)

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'watch-')))
  process.on('unhandledRejection', collect)
})
afterEach(async () => {
  for (const watcher of watchers.splice(0)) await watcher.close()
  rmSync(dir, { recursive: true, force: true })
  process.off('unhandledRejection', collect)
  expect(unhandled.splice(0)).toEqual([])
})

/** Records what a watcher reports, and waits for a path in it. */
class Heard {
  readonly paths: string[] = []
  readonly errors: unknown[] = []
  readonly lost: unknown[] = []
  ready = false
  #wake: () => void = () => undefined

  readonly options = {
    pollIntervalMs: 20,
    onChange: (path: string): void => {
      this.paths.push(path)
      this.#wake()
    },
    onReady: (): void => {
      this.ready = true
      this.#wake()
    },
    onError: (error: unknown): void => {
      this.errors.push(error)
      this.#wake()
    },
    onLost: (error: unknown): void => {
      this.lost.push(error)
      this.#wake()
    },
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Waits for `path`, repeating `change` because a single one may go unreported, then clears the recorded paths. */
  async path(path: string, change?: () => void): Promise<void> {
    change?.()
    const timer = change === undefined ? undefined : setInterval(change, 100)
    try {
      await this.until(() => this.paths.includes(path))
    } finally {
      clearInterval(timer)
    }
    this.paths.length = 0
  }
}

/** Polling misses a file made just before its first look at a folder, until another file is made there. */
function appendWithSibling(path: string): void {
  appendFileSync(path, 'a line\n')
  writeFileSync(`${path}-${process.hrtime.bigint()}`, '')
}

async function watch(target: string, mode: WatchMode, heard: Heard): Promise<Watcher> {
  const watcher = await watchTree(target, { mode, ...heard.options })
  watchers.push(watcher)
  if (mode !== 'off') await heard.until(() => heard.ready)
  return watcher
}

describe.each(['native', 'polling'] as const)('the %s watcher', (mode) => {
  test('reports files created, appended to, replaced and deleted, at any depth and in new folders', async () => {
    const heard = new Heard()
    const [old, deep] = [join(dir, 'old.jsonl'), join(dir, 'project', 'session', 'subagents', 'a.jsonl')]
    writeFileSync(old, 'there before\n')
    const watcher = await watch(dir, mode, heard)
    expect(watcher.kind).toBe(mode)
    await heard.path(old, () => appendFileSync(old, 'a line\n'))
    // Three levels at once: a watcher that adds each level itself is too late for the second.
    mkdirSync(dirname(deep), { recursive: true })
    await heard.path(join(dir, 'project', 'session'))
    await heard.path(deep, () => appendWithSibling(deep))
    await heard.path(old, () => {
      writeFileSync(`${old}.tmp`, 'another file\n')
      renameSync(`${old}.tmp`, old)
    })
    rmSync(deep)
    await heard.path(deep)
    expect(heard.errors).toEqual([])
  })

  test('reports paths below the given path when that is a link', async () => {
    const heard = new Heard()
    mkdirSync(join(dir, 'real'))
    symlinkSync(join(dir, 'real'), join(dir, 'link'), 'junction')
    await watch(join(dir, 'link') + '/', mode, heard)
    await heard.path(join(dir, 'link', 'a.jsonl'), () => appendWithSibling(join(dir, 'real', 'a.jsonl')))
  })

  test('reports nothing once closed, and can be closed twice', async () => {
    const [closed, open] = [new Heard(), new Heard()]
    const watcher = await watch(dir, mode, closed)
    await watch(dir, mode, open)
    await Promise.all([watcher.close(), watcher.close()])
    await open.path(join(dir, 'a.jsonl'), () => appendWithSibling(join(dir, 'a.jsonl')))
    expect(closed.paths).toEqual([])
    await watcher.close()
  })

  test('reports that the folder itself was removed, and still closes', async () => {
    const heard = new Heard()
    const target = join(dir, 'projects')
    mkdirSync(join(target, 'a'), { recursive: true })
    writeFileSync(join(target, 'a', 'b.jsonl'), 'x')
    const watcher = await watch(target, mode, heard)
    await heard.path(join(target, 'b'), () => appendWithSibling(join(target, 'b')))
    rmSync(target, { recursive: true })
    await heard.until(() => heard.lost.length > 0)
    expect(String(heard.lost[0])).toContain('was removed')
    await watcher.close()
    mkdirSync(target)
    await watch(target, mode, heard)
    await heard.path(join(target, 'c.jsonl'), () => appendWithSibling(join(target, 'c.jsonl')))
  })

  test('rejects anything but a folder', async () => {
    writeFileSync(join(dir, 'file'), '')
    await expect(watch(join(dir, 'file'), mode, new Heard())).rejects.toThrow('not a directory')
    await expect(watch(join(dir, 'none'), mode, new Heard())).rejects.toThrow('ENOENT')
  })
})

test('the native watcher reports files in nested folders created together', async () => {
  const heard = new Heard()
  await watch(dir, 'native', heard)
  const folders = Array.from({ length: 20 }, (_, i) => join(dir, `project-${i}`, 'session', 'subagents'))
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true })
    await heard.path(dirname(folder))
  }
  for (const folder of folders)
    await heard.path(join(folder, 'a.jsonl'), () => appendFileSync(join(folder, 'a.jsonl'), 'x'))
})

test('mode auto uses the native watcher if it works', async () => {
  expect((await watch(dir, 'auto', new Heard())).kind).toBe('native')
})

test('mode off watches nothing and accepts a missing folder', async () => {
  const watcher = await watch(join(dir, 'none'), 'off', new Heard())
  expect(watcher.kind).toBe('off')
  await watcher.close()
})

// Each test runs a process in an environment in which the native watcher cannot work.
describe('without the native watcher', () => {
  const report = `
    import { watchTree } from './watch.js'
    import { appendFileSync } from 'node:fs'
    const [mode, dir] = process.argv.slice(2)
    const errors = []
    const add = (error) => errors.push(error.message)
    let changed
    const change = new Promise((resolve) => (changed = resolve))
    try {
      const told = { onReady: () => undefined, onChange: changed, onError: add, onLost: add }
      const watcher = await watchTree(dir, { mode, pollIntervalMs: 20, ...told })
      const timer = setInterval(() => appendFileSync(dir + '/new-' + Date.now(), 'x'), 50)
      await change
      clearInterval(timer)
      await watcher.close()
      console.log(JSON.stringify({ kind: watcher.kind, errors }))
    } catch (error) {
      console.log(JSON.stringify({ error: error.message, hasCause: error.cause !== undefined }))
    }`

  /** A folder with the watcher compiled into it, and only the packages named for it to find. */
  function install(packages: readonly string[]): { readonly program: string; readonly tree: string } {
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true }
    for (const name of packages) {
      const link = join(dir, 'node_modules', name)
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(join(root, 'node_modules', name), link, 'junction')
    }
    writeFileSync(join(dir, 'package.json'), '{"type":"module"}')
    for (const name of ['watch', 'inotify']) {
      const source = readFileSync(join(root, `src/ingest/${name}.ts`), 'utf8')
      writeFileSync(join(dir, `${name}.js`), ts.transpileModule(source, { compilerOptions: options }).outputText)
    }
    writeFileSync(join(dir, 'report.js'), report)
    const tree = join(dir, 'tree')
    for (const i of Array.from({ length: 20 }, (_, i) => i)) mkdirSync(join(tree, `project-${i}`), { recursive: true })
    return { program: join(dir, 'report.js'), tree }
  }

  async function run(command: string, args: readonly string[]): Promise<Record<string, unknown>> {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    await once(child, 'close')
    return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>
  }

  test('auto polls and reports it once if the package does not load', async () => {
    const { program, tree } = install(['chokidar', 'readdirp'])
    const { kind, errors } = await run(process.execPath, [program, 'auto', tree])
    expect(kind).toBe('polling')
    expect(errors).toHaveLength(1)
    expect(String(errors)).toMatch(/@parcel\/watcher.*polling every 20 ms instead/)
  })

  test('native fails with the reason if the package does not load', async () => {
    const { program, tree } = install(['chokidar', 'readdirp'])
    const { error, hasCause } = await run(process.execPath, [program, 'native', tree])
    expect(error).toMatch(/cannot watch .*tree natively: .*@parcel\/watcher/)
    expect(hasCause).toBe(true)
  })

  const native = ['@parcel', 'detect-libc', 'picomatch', 'is-glob', 'is-extglob', 'chokidar', 'readdirp']

  test.for([
    ['max_inotify_watches', 10, 'fs.inotify.max_user_watches'],
    ['max_inotify_instances', 0, 'fs.inotify.max_user_instances'],
  ] as const)('auto polls and names the limit when %s is %i', async ([limit, value, named], context) => {
    const [command, ...prefix] = underInotifyLimit(context, limit, value)
    const { program, tree } = install(native)
    const { kind, errors } = await run(command!, [...prefix, process.execPath, program, 'auto', tree])
    expect(kind).toBe('polling')
    expect(errors).toEqual([expect.stringContaining(named)])
  })

  test('native fails and names the limit when there is no inotify instance', async (context) => {
    const [command, ...prefix] = underInotifyLimit(context, 'max_inotify_instances', 0)
    const { program, tree } = install(native)
    const { error } = await run(command!, [...prefix, process.execPath, program, 'native', tree])
    expect(error).toMatch(/cannot watch .*tree natively: EMFILE.*fs\.inotify\.max_user_instances/)
  })

  test('auto is native when there is one inotify instance', async (context) => {
    const [command, ...prefix] = underInotifyLimit(context, 'max_inotify_instances', 1)
    const { program, tree } = install(native)
    const said = await run(command!, [...prefix, process.execPath, program, 'auto', tree])
    expect(said).toEqual({ kind: 'native', errors: [] })
  })
})
