// Who is let in, how often a password is really compared, and that none of it holds up the event loop.
import { hash } from '@node-rs/bcrypt'
import { describe, expect, test } from 'vitest'
import { createBasicAuth } from '../../src/http/basic-auth.js'

const basic = (text: string | Buffer, scheme = 'Basic'): string => `${scheme} ${Buffer.from(text).toString('base64')}`

describe('with bcrypt', () => {
  test.each(['2a', '2b', '2y'] as const)('%s: the right password, and only that', async (version) => {
    const users = new Map([['ada', (await hash('böse:1', 4)).replace('$2b$', `$${version}$`)]])
    const check = createBasicAuth()
    expect(await check(users, basic('ada:böse:1'))).toBe('welcome')
    for (const wrong of ['ada:böse', 'ada:', 'Ada:böse:1', ':böse:1', 'ada']) {
      expect(await check(users, basic(wrong))).toBe('unknown')
    }
  })

  test('a password is bytes, and need not be UTF-8', async () => {
    const password = Buffer.from([0xff, 0x00, 0xe9])
    const check = createBasicAuth()
    const users = new Map([['ada', await hash(password, 4)]])
    expect(await check(users, basic(Buffer.concat([Buffer.from('ada:'), password])))).toBe('welcome')
    expect(await check(users, basic(Buffer.from('ada:\xff\x00\xe9')))).toBe('unknown')
  })

  test('the event loop goes round meanwhile', async () => {
    const users = new Map([['ada', await hash('x', 10)]])
    const verdict = createBasicAuth()(users, basic('ada:x'))
    let turns = 0
    const turn = (): Promise<undefined> => new Promise((resolve) => setImmediate(() => resolve(undefined)))
    while ((await Promise.race([verdict, turn()])) === undefined) turns++
    expect(turns).toBeGreaterThan(10)
  })
})

/** A comparison that is right for the password `hash of <password>`, and counts. */
function counted() {
  const compared: string[] = []
  const compare = (password: Uint8Array, stored: string): Promise<boolean> => {
    compared.push(stored)
    return Promise.resolve(stored.endsWith(`hash of ${Buffer.from(password).toString()}`))
  }
  return { compared, check: createBasicAuth(compare) }
}

const users = new Map([['ada', '$2b$04$hash of x'], ['bob', '$2b$12$hash of y'], ['eve', '$2b$10$hash of z']])

test.each([
  undefined, '', 'Basic', 'Basic ', 'Bearer YWRhOng=', 'Basic ada:x', 'Basic YWRh', 'BasicYWRhOng=', 'Basic YWRhOng= x',
])('%j is no sign-in, and costs no comparison', async (header) => {
  const { compared, check } = counted()
  expect(await check(users, header)).toBe('unknown')
  expect(compared).toEqual([])
})

test('the name of the scheme may be written in any case', async () => {
  expect(await counted().check(users, basic('ada:x', 'bAsIc'))).toBe('welcome')
})

test('an unknown user costs the comparison that a known one would, and gets in with nobody’s password', async () => {
  const { compared, check } = counted()
  for (const given of ['nobody:y', 'nobody:y', '__proto__:y', 'bob:x']) {
    expect(await check(users, basic(given))).toBe('unknown')
  }
  expect(compared).toEqual(Array(4).fill('$2b$12$hash of y'))
})

test('who was let in is remembered, who was not is not', async () => {
  const { compared, check } = counted()
  for (let i = 0; i < 3; i++) expect(await check(users, basic('ada:x'))).toBe('welcome')
  expect(compared).toHaveLength(1)
  for (let i = 0; i < 3; i++) expect(await check(users, basic('ada:wrong'))).toBe('unknown')
  expect(compared).toHaveLength(4)
})

test('what is remembered ends with the user, and with the password', async () => {
  const { check } = counted()
  expect(await check(users, basic('ada:x'))).toBe('welcome')
  expect(await check(new Map([['bob', '$2b$04$hash of x']]), basic('ada:x'))).toBe('unknown')
  expect(await check(new Map([['ada', '$2b$04$hash of new']]), basic('ada:x'))).toBe('unknown')
  expect(await check(new Map([['ada', '$2b$04$hash of new']]), basic('ada:new'))).toBe('welcome')
})

test('no more than a hundred are remembered', async () => {
  const { compared, check } = counted()
  const many = new Map(Array.from({ length: 101 }, (_, i) => [`user${i}`, '$2b$04$hash of x']))
  for (const name of many.keys()) await check(many, basic(`${name}:x`))
  expect(compared).toHaveLength(101)
  await check(many, basic('user100:x'))
  expect(compared).toHaveLength(101)
  await check(many, basic('user0:x'))
  expect(compared).toHaveLength(102)
})

test('one is compared at a time; past 64 that wait, strangers are sent away and friends are not', async () => {
  let running = 0
  let most = 0
  const gates: (() => void)[] = []
  const check = createBasicAuth(async (password) => {
    most = Math.max(most, ++running)
    if (password.toString() !== 'x') await new Promise<void>((resolve) => gates.push(resolve))
    running--
    return password.toString() === 'x'
  })
  expect(await check(users, basic('ada:x'))).toBe('welcome')
  const verdicts = Array.from({ length: 66 }, (_, i) => check(users, basic(`ada:${i}`)))
  expect(await verdicts[65]).toBe('busy')
  expect(await check(users, basic('ada:x'))).toBe('welcome')
  for (let opened = 0; opened < 65; opened++) {
    while (gates.length === 0) await new Promise(setImmediate)
    gates.pop()!()
  }
  expect(new Set(await Promise.all(verdicts.slice(0, 65)))).toEqual(new Set(['unknown']))
  expect(most).toBe(1)
})

test('a comparison that fails lets nobody in, and does not block the next', async () => {
  let failing = true
  const check = createBasicAuth(() => (failing ? Promise.reject(new Error('no')) : Promise.resolve(true)))
  await expect(check(users, basic('ada:x'))).rejects.toThrow('no')
  failing = false
  expect(await check(users, basic('ada:x'))).toBe('welcome')
})
