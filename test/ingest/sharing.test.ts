// Each task is read once, by a thread or by the main thread.
import { expect, it } from 'vitest'
import { Sharing } from '../../src/ingest/sharing.js'
import type { ParseTask } from '../../src/worker/protocol.js'

interface Given {
  readonly task: ParseTask
  readonly done: () => void
  readonly failed: (error: Error) => void
}

const tasks = (count: number): ParseTask[] =>
  Array.from({ length: count }, (_, number) => ({ agent: `agent-${number}`, backend: 'wasm', files: [] }))

/** Threads that take `room` tasks at a time, and end them when told to. */
function threads(room: number, inPlace?: (task: ParseTask) => Promise<void>) {
  const given: Given[] = []
  const sharing = new Sharing({
    pool: { workers: 1, room },
    inThread: (task) => new Promise((resolve, reject) => given.push({ task, done: resolve, failed: reject })),
    inPlace,
  })
  return { sharing, given }
}

it('threads get as many tasks as they take at a time, and the next one when one ends', async () => {
  const { sharing, given } = threads(2)
  const all = tasks(5)
  for (const task of all) sharing.begin(task)
  const finished = sharing.finish()
  for (let ended = 0; ended < 5; ended += 1) {
    expect(given.map(({ task }) => task)).toEqual(all.slice(0, ended + 2))
    given[ended]!.done()
    await new Promise(setImmediate)
  }
  await finished
  expect(given.map(({ task }) => task)).toEqual(all)
  expect(sharing.readers).toBe(1)
})

it('the main thread reads those that wait, and the threads go on meanwhile', async () => {
  const here: ParseTask[] = []
  const { sharing, given } = threads(1, (task) => {
    here.push(task)
    if (here.length === 1) given[0]!.done()
    return new Promise((resolve) => void setImmediate(resolve))
  })
  const all = tasks(4)
  for (const task of all) sharing.begin(task)
  let finished = false
  const end = sharing.finish().then(() => (finished = true))
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  expect(here).toEqual([all[3], all[2]])
  expect(sharing.readers).toBe(2)
  expect(given.map(({ task }) => task)).toEqual([all[0], all[1]])
  expect(finished).toBe(false)
  given[1]!.done()
  await end
})

it('finish rejects if a task could not be read, even one that began later', async () => {
  const { sharing, given } = threads(1)
  for (const task of tasks(2)) sharing.begin(task)
  const finished = expect(sharing.finish()).rejects.toThrow('broken')
  given[0]!.done()
  await new Promise(setImmediate)
  given[1]!.failed(new Error('broken'))
  await finished
})

it('finish resolves if there was nothing to read', async () => {
  await threads(1, () => Promise.reject(new Error('nothing to read'))).sharing.finish()
})
