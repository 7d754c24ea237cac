// Concurrent callers share one run of the work, and nobody gets a result that was begun before the call.
import { describe, expect, test } from 'vitest'
import { shared } from '../../src/http/shared.js'

/** Work that ends when the test says so; its results are numbered. */
function controlled() {
  const begun: string[] = []
  const ends: (() => void)[] = []
  const work = (key: string): Promise<string> => {
    begun.push(key)
    const result = `${key}${begun.length}`
    return new Promise((resolve) => ends.push(() => resolve(result)))
  }
  const end = async (): Promise<void> => {
    while (ends.length === 0) await new Promise(setImmediate)
    ends.shift()!()
  }
  return { begun, end, ask: shared(work) }
}

describe('shared work', () => {
  test('runs once for all callers before it begins', async () => {
    const { begun, end, ask } = controlled()
    const asked = [ask('a'), ask('a'), ask('a')]
    await end()
    expect(await Promise.all(asked)).toEqual(['a1', 'a1', 'a1'])
    expect(begun).toEqual(['a'])
  })

  test('runs once more for all callers that arrive while it runs', async () => {
    const { begun, end, ask } = controlled()
    const first = ask('a')
    while (begun.length === 0) await new Promise(setImmediate)
    const late = [ask('a'), ask('a')]
    await end()
    expect(await first).toBe('a1')
    await end()
    expect(await Promise.all(late)).toEqual(['a2', 'a2'])
  })

  test('is separate for each key, and runs one at a time', async () => {
    const { begun, end, ask } = controlled()
    const asked = [ask('a'), ask('b'), ask('a'), ask('b')]
    await end()
    expect(await asked[0]).toBe('a1')
    expect(begun.length).toBeLessThanOrEqual(2)
    await end()
    expect(await Promise.all(asked)).toEqual(['a1', 'b2', 'a1', 'b2'])
    expect(begun).toEqual(['a', 'b'])
  })

  test('fails only for the callers that shared the run', async () => {
    let times = 0
    const ask = shared(() => (++times === 1 ? Promise.reject(new Error('no')) : Promise.resolve(times)))
    const failed = [ask(''), ask('')]
    for (const one of failed) await expect(one).rejects.toThrow('no')
    expect(await ask('')).toBe(2)
  })
})
