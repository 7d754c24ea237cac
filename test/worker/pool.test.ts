// The pool is an optimisation of `parseFiles`: it gives the same results, and reports failed threads.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { SOURCES } from '../../src/sources/index.js'
import { createReadBuffer, parseFiles } from '../../src/worker/parse-file.js'
import { createPool, type ParserPool } from '../../src/worker/pool.js'
import { line, lines } from '../support/line.js'
import { plant, temporaryFolder } from '../support/tree.js'
import { comparable, taskOf } from './task.js'

const folder = temporaryFolder()
const filename = fileURLToPath(new URL('../../dist/worker.cjs', import.meta.url))
/** Limit for tests whose task would hang without an answer. */
const HANGS_MS = 15_000
const pools: ParserPool[] = []

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()))
})

function poolOf(file: string, onTask: (wait: number, run: number) => void = () => undefined): ParserPool {
  if (!existsSync(filename)) throw new Error(`${filename} is missing: npm run build`)
  const pool = createPool({ workers: 2, filename: file })
  pool.observe(onTask)
  pools.push(pool)
  return pool
}

function ignore(): void {}

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** A thread's file. @param run a function from a task to its result */
function worker(name: string, run: string): string {
  return file(
    name,
    `
    import { parentPort } from 'node:worker_threads'
    const run = ${run}
    parentPort.on('message', (task) => parentPort.postMessage({ number: task.number, result: run(task) }))`,
  )
}

describe('a pool', () => {
  const many = (from: number): string =>
    lines(...Array.from({ length: 700 }, (_, number) => line(`msg_${from + number}/r${number} o48 1/2/3/4/5`)))
  const projects = join(
    plant(join(folder, 'config'), { '-a/1.jsonl': many(0), '-a/2.jsonl': many(600), '-b/3.jsonl': 'bad\n' }),
    'projects',
  )
  const tasks = [
    taskOf(join(projects, '-a/1.jsonl'), join(projects, '-a/2.jsonl')),
    taskOf(join(projects, '-b/3.jsonl'), join(projects, 'none.jsonl')),
    taskOf(join(projects, '-a/2.jsonl')),
    taskOf(),
  ]

  it('gives the same results as reading in place', async () => {
    const pool = poolOf(filename)
    const results: unknown[] = []
    // Compared inside the callback, because its memory is reused afterwards.
    await Promise.all(tasks.map((task, index) => pool.run(task, (result) => (results[index] = comparable(result)))))
    expect(results).toEqual(tasks.map((task) => comparable(parseFiles(task, createReadBuffer(64 * 1024, SOURCES)))))
  })

  it('gives the same result for a batch larger than the shared memory', async () => {
    const lots = lines(...Array.from({ length: 9000 }, (_, number) => line(`msg_l${number}/r${number} o48 1/2/3/4/5`)))
    plant(join(folder, 'lots'), { '-a/1.jsonl': lots })
    const task = taskOf(join(folder, 'lots/projects/-a/1.jsonl'))
    let result: unknown
    await poolOf(filename).run(task, (taken) => (result = comparable(taken)))
    expect(result).toEqual(comparable(parseFiles(task, createReadBuffer(64 * 1024, SOURCES))))
  })

  it('gives each task its own rows when several run with batches larger than the shared memory', async () => {
    const tasksOf = Array.from({ length: 8 }, (_, task) => {
      const lots = lines(
        ...Array.from({ length: 9000 }, (_, number) =>
          line(`msg_${task}-${number}/r${task}-${number} o48 ${task + 1}/${number + 1}`),
        ),
      )
      plant(join(folder, `many-${task}`), { '-a/1.jsonl': lots })
      return taskOf(join(folder, `many-${task}/projects/-a/1.jsonl`))
    })
    const pool = poolOf(filename)
    const results: unknown[] = []
    await Promise.all(tasksOf.map((task, index) => pool.run(task, (result) => (results[index] = comparable(result)))))
    expect(results).toEqual(tasksOf.map((task) => comparable(parseFiles(task, createReadBuffer(64 * 1024, SOURCES)))))
  })

  it('gives a large result in several batches', async () => {
    const COUNT = 50_000
    const short = (number: number): string =>
      `{"type":"assistant","message":{"id":"msg_${number}","usage":{"output_tokens":1}}}`
    plant(join(folder, 'much'), { '-a/1.jsonl': lines(...Array.from({ length: COUNT }, (_, number) => short(number))) })
    const taken: { readonly rows: number; readonly outcomes: number }[] = []
    const told: number[] = []
    const pool = poolOf(filename, (wait, run) => told.push(wait, run))
    await pool.run(taskOf(join(folder, 'much/projects/-a/1.jsonl')), ({ batch, outcomes }) => {
      taken.push({ rows: batch.entries.count, outcomes: outcomes.length })
    })
    expect(taken.reduce((sum, { rows }) => sum + rows, 0)).toBe(COUNT)
    expect(Math.max(...taken.map(({ rows }) => rows))).toBeLessThan(COUNT)
    expect(taken.map(({ outcomes }) => outcomes)).toEqual([...taken.slice(1).map(() => 0), 1])
    expect(told).toHaveLength(2)
  })

  it('reports the wait and run time of each task, and no running task at the end', async () => {
    const told: number[] = []
    const pool = poolOf(filename, (wait, run) => told.push(wait, run))
    const running = tasks.map((task) => pool.run(task, ignore))
    await running[0]
    await Promise.all(running)
    expect(told).toHaveLength(2 * tasks.length)
    expect(told.every((seconds) => seconds >= 0)).toBe(true)
    expect(pool.state()).toEqual({ queued: 0, running: 0 })
  })
})

describe('a pool that makes room', () => {
  it('runs one thread fewer', async () => {
    // Reports how often its outbox was used: concurrent tasks have one each, consecutive tasks share one.
    const pool = poolOf(
      worker(
        'shares.mjs',
        `({ outbox }) => {
          const seen = new Int32Array(outbox)
          return { outcomes: Array(1 + seen[0]++).fill({ kind: 'gone' }) }
        }`,
      ),
    )
    const mostUses = async (): Promise<number> => {
      const uses: number[] = []
      await Promise.all([1, 2, 3, 4].map(() => pool.run(taskOf(), ({ outcomes }) => uses.push(outcomes.length))))
      return Math.max(...uses)
    }
    expect(await mostUses()).toBeLessThan(4)
    pool.makeRoom()
    expect(await mostUses()).toBe(4)
    expect(pool.state()).toEqual({ queued: 0, running: 0 })
  })
})

describe('a pool that rests', () => {
  it('ends its threads and starts new ones for later tasks', async () => {
    const pool = poolOf(
      worker('counts.mjs', '((runs) => () => ({ outcomes: Array(++runs).fill({ kind: "gone" }) }))(0)'),
    )
    const runsOfThread = async (): Promise<number> => {
      let runs = 0
      await pool.run(taskOf(), ({ outcomes }) => (runs = outcomes.length))
      return runs
    }
    expect([await runsOfThread(), await runsOfThread()]).toEqual([1, 2])
    pool.rest()
    expect([await runsOfThread(), await runsOfThread()]).toEqual([1, 2])
  })
})

describe('a pool that fails', () => {
  it.each([
    ['throws', worker('throws.mjs', '() => { throw new Error("broken") }'), /broken/],
    ['ends', worker('ends.mjs', '() => process.exit(3)'), /exit code 3/],
  ])('rejects when its worker %s, and can be closed', async (_, file, reason) => {
    const pool = poolOf(file)
    await expect(pool.run(taskOf(), ignore)).rejects.toThrow(reason)
    await expect(pool.run(taskOf(), ignore)).rejects.toThrow(reason)
    expect(pool.state()).toEqual({ queued: 0, running: 0 })
    await pool.close()
  })

  it.each([
    ['cannot be loaded', file('unloadable.mjs', 'this is no module')],
    ['is missing', join(folder, 'missing.mjs')],
    ['answers what cannot be sent', worker('unsendable.mjs', '() => () => undefined')],
  ])(
    'rejects when its worker %s, and the process survives',
    async (_, file) => {
      const pool = poolOf(file)
      await expect(pool.run(taskOf(), ignore)).rejects.toThrow()
      expect(pool.state()).toEqual({ queued: 0, running: 0 })
      await pool.close()
    },
    HANGS_MS,
  )

  it('rejects a task that its thread rejects, and the thread runs others', async () => {
    const started: Worker[] = []
    const count = (thread: Worker): unknown => started.push(thread)
    process.on('worker', count)
    const pool = poolOf(filename)
    await expect(pool.run({ ...taskOf(), agent: 'none' }, ignore)).rejects.toThrow('none')
    await pool.run(taskOf(), ignore)
    process.off('worker', count)
    expect(started).toHaveLength(1)
  })

  it('rejects running tasks when it is closed', async () => {
    const pool = poolOf(worker('hangs.mjs', '() => { while (true); }'))
    const refused = [1, 2, 3].map(() => expect(pool.run(taskOf(), ignore)).rejects.toThrow())
    await pool.close()
    await Promise.all(refused)
  })

  it('can be closed unused', async () => {
    await poolOf(filename).close()
  })
})
