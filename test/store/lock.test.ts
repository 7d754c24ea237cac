// Both kinds of lock: the operating system's, and the file with a process id where that is not to be had.
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
  test('is given once, names its holder, and is given again after release', () => {
    const first = taken(lockDirectory(dir))
    expect(lockDirectory(dir)).toEqual({ kind: 'held', holder: process.pid })
    expect(lockDirectory(dir)).toEqual({ kind: 'held', holder: process.pid })
    first.release()
    taken(lockDirectory(dir)).release()
  })

  test('does not mind what a process before it left in the file', () => {
    writeFileSync(join(dir, 'lock'), `${process.ppid} and more than that\n`.repeat(10))
    const lock = taken(lockDirectory(dir))
    expect(readFileSync(join(dir, 'lock'), 'utf8')).toBe(`${process.pid}\n`)
    lock.release()
  })

  test('gives way to the process id on file systems that have no locks', () => {
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

describe('the process id in a file', () => {
  test('is respected while that process lives', () => {
    writeFileSync(join(dir, 'lock'), `${process.ppid}\n`)
    expect(lockDirectory(dir, null)).toEqual({ kind: 'held', holder: process.ppid })
    expect(readFileSync(join(dir, 'lock'), 'utf8')).toBe(`${process.ppid}\n`)
  })

  test.each([
    ['of a process that is gone', aDeadProcess],
    ['of a process before us that had our id', () => Promise.resolve(process.pid)],
    ['that is not one', () => Promise.resolve('who knows')],
    ['that was never written', () => Promise.resolve('')],
  ])('is replaced when it is one %s', async (_, content) => {
    writeFileSync(join(dir, 'lock'), String(await content()))
    const lock = taken(lockDirectory(dir, null))
    expect(readFileSync(join(dir, 'lock'), 'utf8')).toBe(`${process.pid}\n`)
    lock.release()
    expect(existsSync(join(dir, 'lock'))).toBe(false)
  })
})

test('says what the file system says when there is no directory', () => {
  expect(() => lockDirectory(join(dir, 'none'))).toThrow(/ENOENT/)
  expect(() => lockDirectory(join(dir, 'none'), null)).toThrow(/ENOENT/)
})
