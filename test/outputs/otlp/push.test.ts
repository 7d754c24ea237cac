// Pushes to a receiver that fails: which requests are retried, what is logged and counted, and that nothing is lost.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { DrivenState } from '../../core/driven-state.js'
import { PLAIN } from '../../core/made-lines.js'
import { pem, pemFile } from '../../support/https.js'
import { partialSuccess, startReceiver } from '../../support/otlp-receiver.js'
import { temporaryFolder } from '../../support/tree.js'
import { pushing, requestsIn } from './pushing.js'

const folder = temporaryFolder()
let driven: DrivenState

function spend(project: string, key: string): void {
  driven.tell([{ ...PLAIN, key, place: `agent/${project}/s1` }])
  driven.book()
  driven.commit()
}

beforeEach(() => {
  driven = new DrivenState()
  spend('old', 'm1')
})

/** The receiver allows the next attempt at once. */
const AT_ONCE = { 'retry-after': '0' }

describe('a push retries the request', () => {
  it.each([429, 502, 503, 504])('after status %i', async (status) => {
    const receiver = await startReceiver()
    const { push, own, logged } = pushing(driven, receiver.url)
    receiver.reply({ status, headers: AT_ONCE }, { status, headers: AT_ONCE })
    expect(await push.now()).toBe(true)
    expect(receiver.pushes).toHaveLength(3)
    expect(own('exports')).toBe(1)
    expect(logged).toEqual([])
    // The same body, timestamps included: points that were accepted before arrive as the same samples.
    expect(receiver.pushes[2]!.points).toEqual(receiver.pushes[0]!.points)
  })

  it('at the date that the receiver names', async () => {
    const receiver = await startReceiver()
    const { push } = pushing(driven, receiver.url)
    receiver.reply({ status: 429, headers: { 'retry-after': new Date(driven.nowMs).toUTCString() } })
    expect(await push.now()).toBe(true)
    expect(receiver.pushes).toHaveLength(2)
  })

  it('when the answer was lost, without showing new series too early', async () => {
    const receiver = await startReceiver()
    const { push } = pushing(driven, receiver.url)
    await push.now()
    spend('new', 'm2')
    receiver.reply('lost')
    expect(await push.now()).toBe(true)
    expect(await push.now()).toBe(true)
    expect(receiver.accepted.map((one) => requestsIn(one)['new'])).toEqual([undefined, 0, 0, 1])
  })

  it('at most five times, and only within its timeout', async () => {
    const receiver = await startReceiver()
    const { push, own } = pushing(driven, receiver.url)
    receiver.reply({ status: 503, headers: { 'retry-after': '3600' } })
    expect(await push.now()).toBe(false)
    expect(receiver.pushes).toHaveLength(1)
    receiver.reply(...Array.from({ length: 7 }, () => ({ status: 503, headers: AT_ONCE })))
    expect(await push.now()).toBe(false)
    expect(receiver.pushes).toHaveLength(7)
    expect(own('failures server')).toBe(2)
  })
})

describe('a push fails, and the next one carries everything,', () => {
  it.each([
    [400, 'rejected'],
    [404, 'rejected'],
    [413, 'rejected'],
    [301, 'rejected'],
    [401, 'auth'],
    [403, 'auth'],
    [500, 'server'],
  ])('after status %i, with reason %s', async (status, reason) => {
    const receiver = await startReceiver()
    const { push, own, logged, telemetry } = pushing(driven, receiver.url)
    receiver.reply({ status, body: Buffer.from('no such tenant') }, { status }, {})
    for (const accepted of [false, false, true]) expect(await push.now()).toBe(accepted)
    expect(receiver.pushes).toHaveLength(3)
    expect([own('exports'), own(`failures ${reason}`)]).toEqual([3, 2])
    expect(telemetry.lastAcceptedMs()).toBe(driven.nowMs)
    expect(logged).toEqual([
      {
        level: 'warn',
        message: 'a push failed: the next one carries everything',
        fields: { endpoint: `${receiver.url}/v1/metrics`, reason, status, answer: 'no such tenant', rejectedPoints: 0 },
      },
      { level: 'info', message: 'pushes are accepted again', fields: { endpoint: `${receiver.url}/v1/metrics` } },
    ])
  })

  it('when the receiver rejects some points, and new series stay at 0', async () => {
    const receiver = await startReceiver()
    const { push, own, logged } = pushing(driven, receiver.url)
    await push.now()
    spend('new', 'm2')
    receiver.reply({ body: partialSuccess(3, 'too old') })
    for (const accepted of [false, true, true]) expect(await push.now()).toBe(accepted)
    expect(receiver.accepted.map((one) => requestsIn(one)['new'])).toEqual([undefined, 0, 0, 1])
    expect([own('failures partial'), own('rejected_points')]).toEqual([1, 3])
    expect(logged[0]!.fields).toMatchObject({ reason: 'partial', answer: 'too old', rejectedPoints: 3 })
  })

  it('when there is no answer before the timeout', async () => {
    const receiver = await startReceiver()
    const { push, own } = pushing(driven, receiver.url, { timeoutMs: 100 })
    receiver.reply('hang')
    expect(await push.now()).toBe(false)
    expect(own('failures timeout')).toBe(1)
    expect(await push.now()).toBe(true)
  })

  it('when the connection is refused until the timeout', async () => {
    const receiver = await startReceiver()
    await receiver.close()
    const { push, own, logged } = pushing(driven, receiver.url, { timeoutMs: 100 })
    expect(await push.now()).toBe(false)
    expect(own('failures connect')).toBe(1)
    expect(logged[0]!.fields['answer']).toContain('ECONNREFUSED')
  })
})

describe('the headers of a push', () => {
  it('come from the file before the settings, and are read again when the file changes', async () => {
    const receiver = await startReceiver()
    const headersFile = join(folder, 'headers')
    writeFileSync(headersFile, '# of the team\nAuthorization: Bearer one-secret\n\nX-Scope-OrgID:  blue \n')
    const { push, logged } = pushing(driven, receiver.url, {
      headers: { authorization: 'Bearer none', 'x-other': 'kept' },
      headersFile,
    })
    await push.now()
    writeFileSync(headersFile, 'authorization: Bearer another-secret\n')
    await push.now()
    writeFileSync(headersFile, 'no header at all, but another-secret\n')
    await push.now()
    expect(receiver.pushes.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer one-secret',
      'Bearer another-secret',
      'Bearer another-secret',
    ])
    expect(receiver.pushes[0]!.headers).toMatchObject({ 'x-scope-orgid': 'blue', 'x-other': 'kept' })
    expect(logged.map(({ level }) => level)).toEqual(['error'])
    expect(JSON.stringify(logged)).toContain('line 1: expected NAME: VALUE')
    expect(JSON.stringify(logged)).not.toContain('secret')
  })

  it('are not logged when the receiver repeats them', async () => {
    const receiver = await startReceiver()
    const { push, logged } = pushing(driven, receiver.url, { headers: { authorization: 'Bearer hunter2-hunter2' } })
    receiver.reply({ status: 401, body: Buffer.from('bad token hunter2-hunter2') })
    expect(await push.now()).toBe(false)
    expect(logged[0]!.fields['answer']).toBe('bad token …')
  })
})

describe('a push over TLS', () => {
  const server = { cert: pem('server'), key: pem('server') }

  it('trusts the configured authority and presents the client certificate', async () => {
    const receiver = await startReceiver({
      ...server,
      ca: pem('authority'),
      requestCert: true,
      rejectUnauthorized: true,
    })
    const certificate = { certFile: pemFile('client'), keyFile: pemFile('client') }
    expect(await pushing(driven, receiver.url, { caFile: pemFile('authority'), ...certificate }).push.now()).toBe(true)
    const without = pushing(driven, receiver.url, { caFile: pemFile('authority'), timeoutMs: 300 })
    expect(await without.push.now()).toBe(false)
    expect(without.own('failures connect')).toBe(1)
    expect(receiver.pushes).toHaveLength(1)
  })

  it('sends nothing to a server with a wrong certificate, and resumes when the file is fixed', async () => {
    const receiver = await startReceiver(server)
    const caFile = join(folder, 'ca.pem')
    copyFileSync(pemFile('stranger-authority'), caFile)
    const { push, own } = pushing(driven, receiver.url, { caFile, timeoutMs: 300 })
    expect(await push.now()).toBe(false)
    expect(own('failures connect')).toBe(1)
    expect(receiver.pushes).toHaveLength(0)
    writeFileSync(caFile, readFileSync(pemFile('authority')))
    // On a busy machine, one push may run into its timeout.
    await expect.poll(() => push.now()).toBe(true)
  })
})

it('every push has a later timestamp, even if the clock stands still', async () => {
  const receiver = await startReceiver()
  const { push } = pushing(driven, receiver.url)
  for (let time = 0; time < 3; time += 1) await push.now()
  const times = receiver.pushes.map(({ points }) => points[0]!.timeMs)
  expect(times).toEqual([driven.nowMs, driven.nowMs + 1, driven.nowMs + 2])
})

it('a push is not compressed with gzip off', async () => {
  const receiver = await startReceiver()
  await pushing(driven, receiver.url, { gzip: false }).push.now()
  expect(receiver.pushes[0]!.headers['content-encoding']).toBeUndefined()
  expect(requestsIn(receiver.pushes[0]!)).toEqual({ old: 1 })
})
