// A closed pool must start no threads: nothing would end them.
import { join } from 'node:path'
import type * as Library from 'piscina'
import { beforeEach, expect, it, vi } from 'vitest'
import { createPool } from '../../src/worker/pool.js'
import { temporaryFolder } from '../support/tree.js'
import { taskOf } from './task.js'

const made = vi.hoisted(() => ({ pools: 0 }))
vi.mock('piscina', async (original) => {
  const library = await original<typeof Library>()
  class Counted extends library.Piscina {
    constructor(options: ConstructorParameters<typeof library.Piscina>[0]) {
      super(options)
      made.pools += 1
    }
  }
  return { ...library, Piscina: Counted }
})

const filename = join(temporaryFolder(), 'none.mjs')
const ignore = (): void => undefined

beforeEach(() => {
  made.pools = 0
})

it('a closed pool starts no threads for run or warm', async () => {
  const pool = createPool({ workers: 2, filename })
  await pool.close()
  await pool.warm('claude-code', 'v8')
  await expect(pool.run(taskOf(), ignore)).rejects.toThrow('the pool is closed')
  expect(made.pools).toBe(0)
  expect(pool.state()).toEqual({ queued: 0, running: 0 })
})

it('a pool that is closed while it starts ends its threads', async () => {
  const pool = createPool({ workers: 2, filename })
  const warm = pool.warm('claude-code', 'v8')
  const refused = expect(pool.run(taskOf(), ignore)).rejects.toThrow('the pool is closed')
  await pool.close()
  await Promise.all([warm, refused])
  expect(made.pools).toBe(1)
})
