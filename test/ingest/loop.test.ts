// The loop runs one pass at a time per lane, and merges requests made meanwhile into the next. The pass is injected.
import { describe, expect, it } from 'vitest'
import { createLoop } from '../../src/ingest/loop.js'
import type { PassReport, Scope } from '../../src/ingest/pass-report.js'

const REPORT = {} as PassReport

/** A loop whose passes end when the test says so. */
function looping() {
  const scopes: (readonly string[] | 'everything')[] = []
  const ends: { done(): void; fail(error: Error): void }[] = []
  const failed: unknown[] = []
  const running = { everything: 0, paths: 0 }
  const loop = createLoop(
    async (scope: Scope) => {
      const lane = scope === 'everything' ? 'everything' : 'paths'
      scopes.push(scope === 'everything' ? scope : [...scope])
      running[lane] += 1
      expect(running[lane]).toBe(1)
      await new Promise<void>((resolve, reject) => ends.push({ done: resolve, fail: reject })).finally(
        () => (running[lane] -= 1),
      )
      return REPORT
    },
    (error) => failed.push(error),
  )
  return { loop, scopes, ends, failed }
}

/** A loop after its first full pass. */
async function looked() {
  const looping_ = looping()
  const answer = looping_.loop.requestAll()
  looping_.ends[0]!.done()
  await answer
  looping_.scopes.pop()
  looping_.ends.pop()
  return looping_
}

describe('a loop of passes', () => {
  it('starts at once with the requested path', async () => {
    const { loop, scopes, ends } = await looked()
    const answer = loop.request('/a')
    expect(scopes).toEqual([['/a']])
    ends[0]!.done()
    expect(await answer).toBe(REPORT)
  })

  it('makes a full pass before passes over single paths', async () => {
    const { loop, scopes, ends } = looping()
    const early = loop.request('/a')
    void loop.request('/b')
    expect(scopes).toEqual(['everything'])
    ends[0]!.done()
    await early
    // `/b` was requested while the pass was running.
    await turn(() => ends[1])
    expect(scopes).toEqual(['everything', 'everything'])
    const late = loop.request('/c')
    expect(scopes).toEqual(['everything', 'everything', ['/c']])
    ends[1]!.done()
    ends[2]!.done()
    await late
  })

  it('makes exactly one more pass for all requests during one', async () => {
    const { loop, scopes, ends } = await looked()
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

  it('does not make a path wait for a full pass', async () => {
    const { loop, scopes, ends } = await looked()
    const all = loop.requestAll()
    const path = loop.request('/a')
    expect(scopes).toEqual(['everything', ['/a']])
    ends[1]!.done()
    await path
    ends[0]!.done()
    await all
  })

  it('resolves requests made during a pass only after the next one', async () => {
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

  it('continues after a failed pass, which is reported once and to its requester', async () => {
    const { loop, scopes, ends, failed } = await looked()
    const first = loop.request('/a')
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

  it('waits for running passes when stopped, and starts no others', async () => {
    const { loop, scopes, ends } = await looked()
    const running = [loop.requestAll(), loop.request('/a')]
    const refused = expect(loop.request('/b')).rejects.toThrow('stopped')
    let stopped = false
    const stopping = loop.stop().then(() => (stopped = true))
    await refused
    expect(stopped).toBe(false)
    for (const end of ends) end.done()
    await Promise.all([...running, stopping])
    await expect(loop.requestAll()).rejects.toThrow('stopped')
    await expect(loop.request('/c')).rejects.toThrow('stopped')
    expect(scopes).toHaveLength(2)
  })
})

/** Yields to microtasks until the condition holds. */
async function turn(holds: () => unknown): Promise<void> {
  while (holds() === undefined) await Promise.resolve()
}
