// A flood of wrong passwords: a user with the right one still gets in, even for the first time and from the same address.
import { hash } from '@node-rs/bcrypt'
import { expect, test } from 'vitest'
import { securedServers } from './secured.js'

const start = securedServers()

test.each([
  ['for one user', (nth: number) => `user0:bad${nth}`],
  ['for made-up users', (nth: number) => `nobody${nth}:bad`],
])('200 concurrent wrong sign-ins %s do not keep out any of 8 right ones', async (_, wrong) => {
  const secret = await hash('secret', 4)
  const users = Array.from({ length: 8 }, (__, nth) => `  user${nth}: ${secret}\n`).join('')
  const { ask } = await start({ 'web.yml': `basic_auth_users:\n${users}` })
  let flooding = true
  let nth = 0
  const statuses = new Set<number>()
  const flood = Array.from({ length: 200 }, async () => {
    while (flooding) statuses.add((await ask('/metrics', { user: wrong((nth += 1)) })).status)
  })
  const right: number[] = []
  for (let user = 0; user < 8; user += 1) {
    right.push((await ask('/metrics', { user: `user${user}:secret` })).status)
  }
  flooding = false
  await Promise.all(flood)
  expect(right).toEqual(Array(8).fill(200))
  expect(statuses).toEqual(new Set([401]))
  expect(nth).toBeGreaterThan(200)
})
