// Who may come in: HTTP basic authentication (RFC 7617) against bcrypt hashes. Promises that passwords are compared off
// the event loop, one at a time, and that neither the answer nor its time tells an unknown user from a wrong password.
import { verify } from '@node-rs/bcrypt'
import { createHmac, randomBytes } from 'node:crypto'
import pLimit from 'p-limit'

/** `busy`: too many wait to be checked. */
export type Verdict = 'welcome' | 'unknown' | 'busy'

export type Users = ReadonlyMap<string, string>

/** Sign-ins that are remembered, so that each scrape need not take the time of a bcrypt comparison. */
const rememberedMost = 100
const waitingMost = 64

/** @param compare bcrypt's, but for tests */
export function createBasicAuth(compare: (password: Uint8Array, hash: string) => Promise<boolean> = verify) {
  // With a key of this process only, what is remembered says nothing about the passwords, nor does looking it up.
  const secret = randomBytes(32)
  const remembered = new Set<string>()
  const oneAtATime = pLimit(1)

  /** @param authorization the header of that name */
  return async (users: Users, authorization: string | undefined): Promise<Verdict> => {
    const given = credentials(authorization)
    if (given === undefined) return 'unknown'
    const known = users.get(given.user)
    const hash = known ?? costliest(users)
    const who = JSON.stringify([given.user, hash])
    const mark = createHmac('sha256', secret).update(who).update(given.password).digest('base64')
    if (known !== undefined && remembered.has(mark)) return 'welcome'
    if (oneAtATime.pendingCount >= waitingMost) return 'busy'
    const right = await oneAtATime(compare, given.password, hash)
    if (!right || known === undefined) return 'unknown'
    remembered.add(mark)
    if (remembered.size > rememberedMost) remembered.delete(remembered.values().next().value!)
    return 'welcome'
  }
}

interface Credentials {
  readonly user: string
  /** The bytes that were sent, in whatever encoding. */
  readonly password: Buffer
}

function credentials(authorization = ''): Credentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+=*) *$/i.exec(authorization)?.[1]
  if (encoded === undefined) return undefined
  const bytes = Buffer.from(encoded, 'base64')
  const colon = bytes.indexOf(':')
  return colon === -1 ? undefined : { user: bytes.toString('utf8', 0, colon), password: bytes.subarray(colon + 1) }
}

/** What the password of an unknown user is compared with. The cost stands in the hash: `$2b$10$…`. */
function costliest(users: Users): string {
  return [...users.values()].reduce((most, hash) => (hash.slice(4, 6) > most.slice(4, 6) ? hash : most))
}
