// Both kinds of lock: that of the operating system, and a file with a process id where there is none.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lockDirectory, type Locking } from '../../src/store/lock.js'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lock-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function taken(locking: Locking): { release: () => void } {
  if (locking.kind !== 'taken') throw new Error(`held by ${String(locking.holder)}`)
  return locking
}

async function aDeadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid!
}

describe('the lock of the operating system', () => {
  test('is exclusive, names its holder, and is free after release', () => {
    const first = taken(lockDirectory(dir))
    expect(lockDirectory(dir)).toEqual({ kind: 'held', holder: process.pid })
    expect(lockDirectory(dir)).toEqual({ kind: 'held', holder: process.pid })
    first.release()
    taken(lockDirectory(dir)).release()
  })

  test('ignores the former content of the lock file', () => {
    writeFileSync(join(dir, 'lock'), `${process.ppid} and more than that\n`.repeat(10))
    const lock = taken(lockDirectory(dir))
    expect(readFileSync(join(dir, 'lock'), 'utf8')).toBe(`${process.pid}\n`)
    lock.release()
  })

  test('is replaced by a process id on file systems without locks', () => {
    const refuse = (): never => {
      throw Object.assign(new Error('no locks available'), { code: 'ENOLCK' })
    }
    rmSync(join(dir, 'lock'), { force: true })
    const lock = taken(lockDirectory(dir, refuse))
    writeFileSync(join(dir, 'lock'), String(process.ppid))
    expect(lockDirectory(dir, refuse)).toEqual({ kind: 'held', holder: process.ppid })
    lock.release()
  })
})

describe('the process id in the lock file', () => {
  test('is respected while that process lives', () => {
    writeFileSync(join(dir, 'lock'), `${process.ppid}\n`)
    expect(lockDirectory(dir, null)).toEqual({ kind: 'held', holder: process.ppid })
    expect(readFileSync(join(dir, 'lock'), 'utf8')).toBe(`${process.ppid}\n`)
  })

  test.each([
    ['that of a dead process', aDeadProcess],
    ["the current process's own, left by an earlier one", () => Promise.resolve(process.pid)],
    ['invalid', () => Promise.resolve('who knows')],
    ['missing', () => Promise.resolve('')],
  ])('is replaced when it is %s', async (_, content) => {
    writeFileSync(join(dir, 'lock'), String(await content()))
    const lock = taken(lockDirectory(dir, null))
    expect(readFileSync(join(dir, 'lock'), 'utf8')).toBe(`${process.pid}\n`)
    lock.release()
    expect(existsSync(join(dir, 'lock'))).toBe(false)
  })
})

test('locking a missing directory throws the error of the file system', () => {
  expect(() => lockDirectory(join(dir, 'none'))).toThrow(/ENOENT/)
  expect(() => lockDirectory(join(dir, 'none'), null)).toThrow(/ENOENT/)
})
