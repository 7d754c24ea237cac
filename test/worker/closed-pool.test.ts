// A closed pool must start no threads: nothing would end them.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createPool } from '../../src/worker/pool.js'
import type { ThreadTask } from '../../src/worker/protocol.js'
import { Threads } from '../../src/worker/threads.js'
import { temporaryFolder } from '../support/tree.js'
import { taskOf } from './task.js'

const folder = temporaryFolder()
const filename = join(folder, 'none.mjs')
const ignore = (): void => undefined

const started: Worker[] = []
const count = (thread: Worker): unknown => started.push(thread)
beforeEach(() => void process.on('worker', count))
afterEach(() => {
  process.off('worker', count)
  started.length = 0
})

it('a closed pool starts no threads for run or warm', async () => {
  const pool = createPool({ workers: 2, filename })
  await pool.close()
  await pool.warm('claude-code', 'v8')
  await expect(pool.run(taskOf(), ignore)).rejects.toThrow('the pool is closed')
  expect(started).toEqual([])
  expect(pool.state()).toEqual({ queued: 0, running: 0 })
})

it('a pool that is closed while it starts ends its threads', async () => {
  const pool = createPool({ workers: 2, filename })
  const warm = pool.warm('claude-code', 'v8')
  const refused = expect(pool.run(taskOf(), ignore)).rejects.toThrow('the pool is closed')
  await pool.close()
  await Promise.all([warm, refused])
  expect(started.map(({ threadId }) => threadId)).toEqual(started.map(() => -1))
})

it('a thread ends when it has been idle, and its successor runs later tasks', async () => {
  const echo = join(folder, 'echo.mjs')
  writeFileSync(
    echo,
    `import { parentPort } from 'node:worker_threads'
     parentPort.on('message', ({ number }) => parentPort.postMessage({ number, result: number }))`,
  )
  const threads = new Threads({ most: 2, filename: echo, idleMs: 1 })
  const run = (number: number): Promise<unknown> => threads.run({ number } as ThreadTask, ignore)
  expect(await run(1)).toBe(1)
  // It has ended by itself once the process could end without it.
  if (started[0]!.threadId > 0) await once(started[0]!, 'exit')
  expect(threads.count).toBe(0)
  expect(await run(2)).toBe(2)
  threads.end()
  await threads.ended()
})
