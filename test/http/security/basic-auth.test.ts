// Which sign-ins succeed, how often a password is compared, and that comparing does not block the event loop.
import { hash } from '@node-rs/bcrypt'
import { describe, expect, test } from 'vitest'
import { createBasicAuth as create, type Users } from '../../../src/http/security/basic-auth.js'

/** By default, checks come from one address and from a client that stays connected. */
function createBasicAuth(...compare: Parameters<typeof create>) {
  const check = create(...compare)
  return (users: Users, header: string | undefined, address = '192.0.2.1', gone = () => false) =>
    check(users, header, { address, gone })
}

const basic = (text: string | Buffer, scheme = 'Basic'): string => `${scheme} ${Buffer.from(text).toString('base64')}`

describe('bcrypt', () => {
  test.each(['2a', '2b', '2y'] as const)('%s accepts the right password and no other', async (version) => {
    const users = new Map([['ada', (await hash('böse:1', 4)).replace('$2b$', `$${version}$`)]])
    const check = createBasicAuth()
    expect(await check(users, basic('ada:böse:1'))).toBe('welcome')
    for (const wrong of ['ada:böse', 'ada:', 'Ada:böse:1', ':böse:1', 'ada']) {
      expect(await check(users, basic(wrong))).toBe('unknown')
    }
  })

  test('a password need not be UTF-8', async () => {
    const password = Buffer.from([0xff, 0x00, 0xe9])
    const check = createBasicAuth()
    const users = new Map([['ada', await hash(password, 4)]])
    expect(await check(users, basic(Buffer.concat([Buffer.from('ada:'), password])))).toBe('welcome')
    expect(await check(users, basic(Buffer.from('ada:\xff\x00\xe9')))).toBe('unknown')
  })

  test('a comparison does not block the event loop', async () => {
    const users = new Map([['ada', await hash('x', 10)]])
    const verdict = createBasicAuth()(users, basic('ada:x'))
    let turns = 0
    const turn = (): Promise<undefined> => new Promise((resolve) => setImmediate(() => resolve(undefined)))
    while ((await Promise.race([verdict, turn()])) === undefined) turns++
    expect(turns).toBeGreaterThan(10)
  })
})

/** A comparison that counts its calls; a stored `hash of <password>` matches that password. */
function counted() {
  const compared: string[] = []
  const compare = (password: Uint8Array, stored: string): Promise<boolean> => {
    compared.push(stored)
    return Promise.resolve(stored.endsWith(`hash of ${Buffer.from(password).toString()}`))
  }
  return { compared, check: createBasicAuth(compare) }
}

const users = new Map([
  ['ada', '$2b$04$hash of x'],
  ['bob', '$2b$12$hash of y'],
  ['eve', '$2b$10$hash of z'],
])

test.each([
  undefined,
  '',
  'Basic',
  'Basic ',
  'Bearer YWRhOng=',
  'Basic ada:x',
  'Basic YWRh',
  'BasicYWRhOng=',
  'Basic YWRhOng= x',
])('the header %j is rejected without a comparison', async (header) => {
  const { compared, check } = counted()
  expect(await check(users, header)).toBe('unknown')
  expect(compared).toEqual([])
})

test('the name of the scheme is not case-sensitive', async () => {
  expect(await counted().check(users, basic('ada:x', 'bAsIc'))).toBe('welcome')
})

test('an unknown user costs a comparison of median cost and is rejected with any password', async () => {
  const { compared, check } = counted()
  for (const given of ['nobody:z', 'nobody:z', '__proto__:z', 'eve:x']) {
    expect(await check(users, basic(given))).toBe('unknown')
  }
  expect(compared).toEqual(Array(4).fill('$2b$10$hash of z'))
})

test('a successful sign-in is compared once, a failed one each time', async () => {
  const { compared, check } = counted()
  for (let i = 0; i < 3; i++) expect(await check(users, basic('ada:x'))).toBe('welcome')
  expect(compared).toHaveLength(1)
  for (let i = 0; i < 3; i++) expect(await check(users, basic('ada:wrong'))).toBe('unknown')
  expect(compared).toHaveLength(4)
})

test('a remembered sign-in ends when the user or the password is removed', async () => {
  const { check } = counted()
  expect(await check(users, basic('ada:x'))).toBe('welcome')
  expect(await check(new Map([['bob', '$2b$04$hash of x']]), basic('ada:x'))).toBe('unknown')
  expect(await check(new Map([['ada', '$2b$04$hash of new']]), basic('ada:x'))).toBe('unknown')
  expect(await check(new Map([['ada', '$2b$04$hash of new']]), basic('ada:new'))).toBe('welcome')
})

test('at most a hundred sign-ins are remembered', async () => {
  const { compared, check } = counted()
  const many = new Map(Array.from({ length: 101 }, (_, i) => [`user${i}`, '$2b$04$hash of x']))
  for (const name of many.keys()) await check(many, basic(`${name}:x`))
  expect(compared).toHaveLength(101)
  await check(many, basic('user100:x'))
  expect(compared).toHaveLength(101)
  await check(many, basic('user0:x'))
  expect(compared).toHaveLength(102)
})

/** A comparison that ends when the test says so; `x` is the right password. */
function gated() {
  const gates: (() => void)[] = []
  const begun: string[] = []
  const check = createBasicAuth(async (password) => {
    const given = Buffer.from(password).toString()
    begun.push(given)
    await new Promise<void>((resolve) => gates.push(resolve))
    return given === 'x'
  })
  const end = async (): Promise<void> => {
    while (gates.length === 0) await new Promise(setImmediate)
    gates.shift()!()
    await new Promise(setImmediate)
  }
  return { begun, check, end, running: () => gates.length }
}

test('two passwords are compared at a time and 256 wait; beyond that, the last of the largest group is rejected', async () => {
  const { begun, check, end, running } = gated()
  const crowd = Array.from({ length: 258 }, (_, i) => check(users, basic(`ada:${i}`)))
  expect(running()).toBe(2)
  const more = check(users, basic('ada:258'))
  expect(await more).toBe('busy')
  // A check from another address, or for another name, takes the place of one in the largest group.
  const others = [check(users, basic('eve:x'), '192.0.2.2'), check(users, basic('bob:x'))]
  expect(await Promise.all(crowd.slice(256))).toEqual(['busy', 'busy'])
  for (let ended = 0; ended < 258; ended += 1) await end()
  expect(await Promise.all(others)).toEqual(['welcome', 'welcome'])
  expect(new Set(await Promise.all(crowd.slice(0, 256)))).toEqual(new Set(['unknown']))
  expect(begun).toHaveLength(258)
})

test('addresses take turns, and so do user names of one address', async () => {
  const { begun, check, end } = gated()
  const all = ['0', '1', '2', '3', '4'].map((password) => check(users, basic(`ada:${password}`)))
  all.push(check(users, basic('bob:b'), '192.0.2.1'), check(users, basic('nobody:n'), '192.0.2.1'))
  all.push(check(users, basic('ada:far'), '192.0.2.2'))
  for (let ended = 0; ended < 8; ended += 1) await end()
  await Promise.all(all)
  expect(begun).toEqual(['0', '1', '2', 'far', 'b', 'n', '3', '4'])
})

test('a remembered sign-in does not wait, and a client that disconnected costs no comparison', async () => {
  const { begun, check, end } = gated()
  const friend = check(users, basic('ada:x'))
  await end()
  expect(await friend).toBe('welcome')
  let gone = false
  const crowd = Array.from({ length: 100 }, (_, i) => check(users, basic(`ada:${i}`), '192.0.2.1', () => gone))
  expect(await check(users, basic('ada:x'))).toBe('welcome')
  gone = true
  await end()
  await end()
  expect(new Set(await Promise.all(crowd.slice(2)))).toEqual(new Set(['busy']))
  expect(begun).toHaveLength(3)
})

test('a client that disconnects and asks again keeps its place, but only at its own address', async () => {
  const { begun, check, end } = gated()
  let gone = false
  const flood = ['0', '1', '2'].map((password) => check(users, basic(`ada:${password}`)))
  const given = check(users, basic('ada:x'), '192.0.2.1', () => gone)
  flood.push(...['3', '4'].map((password) => check(users, basic(`ada:${password}`))))
  gone = true
  const again = check(users, basic('ada:x'))
  const elsewhere = check(users, basic('ada:x'), '192.0.2.2')
  for (let ended = 0; ended < 7; ended += 1) await end()
  await Promise.all(flood)
  expect(await Promise.all([given, again, elsewhere])).toEqual(['welcome', 'welcome', 'welcome'])
  expect(begun).toEqual(['0', '1', '2', 'x', 'x', '3', '4'])
})

test('a comparison that throws rejects the sign-in and does not block the next', async () => {
  let failing = true
  const check = createBasicAuth(() => (failing ? Promise.reject(new Error('no')) : Promise.resolve(true)))
  await expect(check(users, basic('ada:x'))).rejects.toThrow('no')
  failing = false
  expect(await check(users, basic('ada:x'))).toBe('welcome')
})
