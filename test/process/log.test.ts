// Lines that the log writes to a file, read as a log collector reads them.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLog, type AdjustableLog, type Log, type LogOptions } from '../../src/process/log.js'

async function written(options: Omit<LogOptions, 'fd'>, write: (log: AdjustableLog) => void): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'log-'))
  const path = join(folder, 'log')
  const fd = openSync(path, 'a')
  try {
    write(await createLog({ ...options, fd }))
    // The log is synchronous, so everything has been written.
    return readFileSync(path, 'utf8')
  } finally {
    closeSync(fd)
    rmSync(folder, { recursive: true })
  }
}

const all = (log: Log): void => {
  log.debug({}, 'd')
  log.info({}, 'i')
  log.warn({}, 'w')
  log.error({}, 'e')
}
const linesOf = (text: string): string[] => text.split('\n').filter(Boolean)

test('a JSON line has an ISO time, the level by name and the fields, but no pid or host name', async () => {
  const warn = (log: Log): void => log.warn({ path: '/a', bytes: 3 }, 'odd')
  const text = await written({ level: 'info', format: 'json', tty: true }, warn)
  const { time, ...line } = JSON.parse(text) as Record<string, unknown>
  expect(line).toEqual({ level: 'warn', path: '/a', bytes: 3, msg: 'odd' })
  expect(new Date(time as string).toISOString()).toBe(time)
})

const levels = [
  ['debug', 4],
  ['info', 3],
  ['warn', 2],
  ['error', 1],
] as const
test.each(levels)('level %s writes %d of 4 levels', async (level, n) => {
  expect(linesOf(await written({ level, format: 'json', tty: false }, all))).toHaveLength(n)
})

test('a logged error keeps message, stack and cause', async () => {
  const error = new Error('outer', { cause: new Error('inner') })
  const text = await written({ level: 'info', format: 'json', tty: false }, (log) => log.error({ error }, 'bad'))
  const line = JSON.parse(text) as { error: { message: string; stack: string } }
  expect(line.error.message).toBe('outer: inner')
  expect(line.error.stack).toContain('log.test.ts')
})

test.each([
  ['auto', true, 'pretty'],
  ['auto', false, 'json'],
  ['json', true, 'json'],
  ['pretty', false, 'pretty'],
] as const)('the format %s, with a terminal %s, is %s', async (format, tty, shape) => {
  const text = await written({ level: 'info', format, tty }, (log) => log.info({ path: '/a' }, 'hello'))
  expect(text).toContain('hello')
  expect(text.startsWith('{') ? 'json' : 'pretty').toBe(shape)
  expect(text.includes('\u001b[')).toBe(shape === 'pretty' && tty)
})

test.each(['json', 'pretty'] as const)(
  '%s escapes control characters in names, so that they cannot control a terminal',
  async (format) => {
    const evil = 'a\u001b[2J\u0085\u009b31m\u202Eb'
    const text = await written({ level: 'info', format, tty: false }, (log) => {
      log.warn({ path: evil }, 'odd')
      log.warn({ paths: [evil, evil] }, 'odd')
      log.error({ error: new Error(`cannot open ${evil}`) }, 'bad')
    })
    expect(text).not.toMatch(/[\u001b\u0080-\u009f\u202e]/)
    expect(text.match(/u\{9b\}31m/g)!.length).toBeGreaterThanOrEqual(4)
  },
)

test('the level can be changed while the log is in use', async () => {
  const text = await written({ level: 'warn', format: 'json', tty: false }, (log) => {
    log.info({}, 'before')
    log.level = 'debug'
    log.debug({}, 'after')
  })
  expect(linesOf(text).map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['after'])
})
