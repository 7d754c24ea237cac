// When passes run: one at a time, and once more for all that was asked meanwhile. The pass is injected.
import { describe, expect, it } from 'vitest'
import { createLoop } from '../../src/ingest/loop.js'
import type { PassReport, Scope } from '../../src/ingest/pass.js'

const REPORT = {} as PassReport

/** A loop whose passes end when the test says so. */
function looping() {
  const scopes: (readonly string[] | 'everything')[] = []
  const ends: { done(): void; fail(error: Error): void }[] = []
  const failed: unknown[] = []
  let atOnce = 0
  const loop = createLoop(
    async (scope: Scope) => {
      scopes.push(scope === 'everything' ? scope : [...scope])
      atOnce += 1
      expect(atOnce).toBe(1)
      await new Promise<void>((resolve, reject) => ends.push({ done: resolve, fail: reject })).finally(() => (atOnce -= 1))
      return REPORT
    },
    (error) => failed.push(error),
  )
  return { loop, scopes, ends, failed }
}

describe('a loop of passes', () => {
  it('begins at once, with the path that was asked for', async () => {
    const { loop, scopes, ends } = looping()
    const answer = loop.request('/a')
    expect(scopes).toEqual([['/a']])
    ends[0]!.done()
    expect(await answer).toBe(REPORT)
  })

  it('makes exactly one more pass for all that was asked during one', async () => {
    const { loop, scopes, ends } = looping()
    const first = loop.request('/a')
    const during = ['/b', '/c', '/b', '/a'].map((path) => loop.request(path))
    ends[0]!.done()
    await first
    await turn(() => ends[1])
    expect(scopes).toEqual([['/a'], ['/b', '/c', '/a']])
    ends[1]!.done()
    expect(await Promise.all(during)).toEqual([REPORT, REPORT, REPORT, REPORT])
    await loop.stop()
    expect(scopes).toHaveLength(2)
  })

  it('looks at everything when that was asked for among paths', async () => {
    const { loop, scopes, ends } = looping()
    void loop.request('/a')
    void loop.request('/b')
    const all = loop.requestAll()
    void loop.request('/c')
    ends[0]!.done()
    await turn(() => ends[1])
    ends[1]!.done()
    await all
    expect(scopes).toEqual([['/a'], 'everything'])
  })

  it('answers what was asked during a pass only after the next one', async () => {
    const { loop, ends } = looping()
    void loop.requestAll()
    let answered = false
    const later = loop.requestAll().then(() => (answered = true))
    ends[0]!.done()
    await turn(() => ends[1])
    expect(answered).toBe(false)
    ends[1]!.done()
    await later
  })

  it('goes on after a pass that failed, which is told once and to who asked', async () => {
    const { loop, scopes, ends, failed } = looping()
    const first = loop.requestAll()
    const second = loop.request('/b')
    const error = new Error('broken')
    ends[0]!.fail(error)
    await expect(first).rejects.toBe(error)
    await turn(() => ends[1])
    ends[1]!.done()
    expect(await second).toBe(REPORT)
    expect(failed).toEqual([error])
    const third = loop.request('/c')
    ends[2]!.done()
    await third
    expect(scopes).toHaveLength(3)
  })

  it('when stopped waits for the pass that runs, and runs no other', async () => {
    const { loop, scopes, ends } = looping()
    const running = loop.requestAll()
    const refused = expect(loop.request('/b')).rejects.toThrow('stopped')
    let stopped = false
    const stopping = loop.stop().then(() => (stopped = true))
    await refused
    expect(stopped).toBe(false)
    ends[0]!.done()
    await Promise.all([running, stopping])
    await expect(loop.requestAll()).rejects.toThrow('stopped')
    expect(scopes).toHaveLength(1)
  })
})

/** Lets what is due run until the condition holds. */
async function turn(holds: () => unknown): Promise<void> {
  while (holds() === undefined) await Promise.resolve()
}
