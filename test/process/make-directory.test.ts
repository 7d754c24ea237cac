import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeDirectory } from '../../src/process/make-directory.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const modeOf = (path: string): number => statSync(path).mode & 0o777

it('creates a directory and its parents with the mode', () => {
  makeDirectory(join(folder, 'a/b/c'), 0o700)
  expect([modeOf(join(folder, 'a')), modeOf(join(folder, 'a/b/c'))]).toEqual([0o700, 0o700])
})

it('leaves a directory that exists as it is', () => {
  mkdirSync(join(folder, 'there'))
  chmodSync(join(folder, 'there'), 0o750)
  makeDirectory(join(folder, 'there'), 0o700)
  expect(modeOf(join(folder, 'there'))).toBe(0o750)
})

it('fails where a parent is a file or a link to nothing', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => makeDirectory(join(folder, 'file/x'))).toThrow(/ENOTDIR/)
  symlinkSync(join(folder, 'nothing'), join(folder, 'link'))
  expect(() => makeDirectory(join(folder, 'link/x'))).toThrow(/ENOENT/)
})

it('fails, and does not try for ever, where an existing parent answers ENOENT', () => {
  const made: string[] = []
  const refuse = ((path: string) => {
    made.push(path)
    throw Object.assign(new Error(path), { code: path === '/proc' ? 'EEXIST' : 'ENOENT' })
  }) as typeof mkdirSync
  expect(() => makeDirectory('/proc/a/b', undefined, { mkdirSync: refuse })).toThrow('/proc/a')
  expect(made).toEqual(['/proc/a/b', '/proc/a', '/proc', '/proc/a'])
})
