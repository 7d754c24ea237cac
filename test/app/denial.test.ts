// The explanation of a permission error from owner and mode, and the remedy that the log proposes.
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { denialOf, remedyOf } from '../../src/app/denial.js'
import { becomeNobody } from '../support/nobody.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const EACCES = "EACCES: permission denied, open 'x'"
const me = { uid: process.geteuid?.(), gid: process.getegid?.() }

describe('a denial', () => {
  it('names the file, its owner and mode, and the user of the process', () => {
    const path = join(folder, 'file')
    writeFileSync(path, '')
    chmodSync(path, 0o640)
    const { uid, gid } = statSync(path)
    expect(denialOf(path, EACCES)).toEqual({ barrier: path, mode: '0640', owner: uid, group: gid, ...me })
  })

  it('names the parent directory that cannot be entered', () => {
    chmodSync(folder, 0o755)
    const closed = join(folder, 'home')
    mkdirSync(join(closed, 'ann/.claude'), { recursive: true })
    chmodSync(closed, 0)
    becomeNobody()
    expect(denialOf(join(closed, 'ann/.claude/projects'), EACCES)).toMatchObject({ barrier: closed, mode: '0000' })
  })

  it('names the directory around the target of a link, and survives circular links', () => {
    chmodSync(folder, 0o755)
    const closed = join(folder, 'elsewhere')
    mkdirSync(join(closed, 'logs'), { recursive: true })
    symlinkSync(join(closed, 'logs'), join(folder, 'linked'))
    symlinkSync('circle', join(folder, 'circle'))
    chmodSync(closed, 0)
    becomeNobody()
    expect(denialOf(join(folder, 'linked'), EACCES)).toMatchObject({ barrier: closed, mode: '0000' })
    expect(denialOf(join(folder, 'circle'), EACCES)).toMatchObject({ barrier: folder })
  })

  it.each(['ENOENT: no such file', 'EIO: i/o error', 'FEACCES'])('is not made from another error: %s', (reason) => {
    expect(denialOf(folder, reason)).toBeUndefined()
  })
})

describe('the remedy', () => {
  const denial = { barrier: '/home/ann', mode: '0700', owner: 4242, group: 100, uid: 1000, gid: 1000 }
  it('is to run as the owner, or to grant access by group or ACL', () => {
    for (const part of ['--user 4242:100', '--userns=keep-id', 'group', 'ACL']) expect(remedyOf(denial)).toContain(part)
  })

  it('is chmod or SELinux, not another user, if the process owns the file', () => {
    expect(remedyOf({ ...denial, uid: 4242 })).toMatch(/chmod.*SELinux/)
    expect(remedyOf({ ...denial, uid: 4242 })).not.toContain('--user')
  })
})
