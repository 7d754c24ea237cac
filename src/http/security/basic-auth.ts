// HTTP basic authentication (RFC 7617) with bcrypt hashes. Passwords are compared off the event loop, two at a time. A
// flood of wrong ones does not delay others for long. Neither the response nor, if all hashes have the same cost, its
// time distinguishes an unknown user from a wrong password.
import { verify } from '@node-rs/bcrypt'
import { createHmac, randomBytes } from 'node:crypto'
import { createTurns } from '../turns.js'

/** `busy`: too many sign-ins wait to be checked. */
export type Verdict = 'welcome' | 'unknown' | 'busy'

export type Users = ReadonlyMap<string, string>

export interface From {
  readonly address: string
  /** Whether nobody waits for the verdict any more. */
  readonly gone: () => boolean
}

/** Number of remembered sign-ins, so that not every scrape takes the time of a bcrypt comparison. */
const MAX_REMEMBERED = 100
/** Maximum number of waiting sign-ins: one for each connection. */
const MAX_WAITING = 256
/** Half of libuv's threads; the others are for files. */
const MAX_COMPARED = 2

type Compare = (password: Uint8Array, hash: string) => Promise<boolean>

/** @param compare bcrypt's; tests pass another */
export function createBasicAuth(compare: Compare = verify) {
  // The key exists only in this process, so neither the remembered sign-ins nor their lookup reveal anything about the
  // passwords.
  const secret = randomBytes(32)
  const remembered = new Set<string>()
  const compareInTurn = inTurn(compare)

  /** @param authorization the Authorization header */
  return async (users: Users, authorization: string | undefined, from: From): Promise<Verdict> => {
    const given = credentials(authorization)
    if (given === undefined) return 'unknown'
    const known = users.get(given.user)
    const hash = known ?? ofMedianCost(users)
    const who = JSON.stringify([given.user, hash])
    const mark = createHmac('sha256', secret).update(who).update(given.password).digest('base64')
    if (known !== undefined && remembered.has(mark)) return 'welcome'
    const right = await compareInTurn(mark, given, hash, from)
    if (right === undefined) return 'busy'
    if (!right || known === undefined) return 'unknown'
    remembered.add(mark)
    if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.values().next().value!)
    return 'welcome'
  }
}

interface Asker extends Pick<From, 'gone'> {
  readonly answer: (verdict: Promise<boolean | undefined>) => void
}

/** The comparison that the result waits for; undefined if it was dropped from the queue. */
function inTurn(compare: Compare) {
  const waiting = createTurns<{ readonly compared: () => Promise<void>; readonly refuse: () => void }>(MAX_WAITING)
  /** Places in the queue by client: a scraper that gave up and asks again does not start at the end. */
  const places = new Map<string, Asker[]>()
  let comparing = 0

  function next(): void {
    while (comparing < MAX_COMPARED) {
      const turn = waiting.take()
      if (turn === undefined) return
      comparing += 1
      void turn.compared().finally(() => {
        comparing -= 1
        next()
      })
    }
  }

  /** @param mark of the user and the password */
  return (mark: string, { user, password }: Credentials, hash: string, { address, gone }: From) =>
    new Promise<boolean | undefined>((answer) => {
      const place = `${address} ${mark}`
      const known = places.get(place)
      if (known !== undefined) {
        known.push({ gone, answer })
        return
      }
      const askers: Asker[] = [{ gone, answer }]
      places.set(place, askers)
      const leave = (verdict: Promise<boolean | undefined>): void => {
        places.delete(place)
        for (const asker of askers) asker.answer(verdict)
      }
      const compared = async (): Promise<void> => {
        const verdict = askers.every((asker) => asker.gone()) ? Promise.resolve(undefined) : compare(password, hash)
        leave(verdict)
        await verdict.catch(() => undefined)
      }
      waiting.add(address, user, { compared, refuse: () => leave(Promise.resolve(undefined)) })?.refuse()
      next()
    })
}

interface Credentials {
  readonly user: string
  /** The bytes that were sent, in any encoding. */
  readonly password: Buffer
}

function credentials(authorization = ''): Credentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+=*) *$/i.exec(authorization)?.[1]
  if (encoded === undefined) return undefined
  const bytes = Buffer.from(encoded, 'base64')
  const colon = bytes.indexOf(':')
  return colon === -1 ? undefined : { user: bytes.toString('utf8', 0, colon), password: bytes.subarray(colon + 1) }
}

/**
 * The hash with which the password of an unknown user is compared: made-up names must not cause the most expensive
 * comparison each time. The cost is part of the hash: `$2b$10$…`.
 */
function ofMedianCost(users: Users): string {
  const byCost = [...users.values()].sort((a, b) => Number(a.slice(4, 6)) - Number(b.slice(4, 6)))
  return byCost[(byCost.length - 1) >> 1]!
}
