// The decision how to read a file, from its cursor and its current stat; and the table of cursors.
import { describe, expect, it } from 'vitest'
import { Cursors, decide, type Cursor } from '../../src/core/cursor.js'

const CURSOR: Cursor = { size: 100, mtimeMs: 5.25, inode: 7, offset: 90, fingerprint: { low: 1, high: 2 } }
const NOW = { size: 100, mtimeMs: 5.25, inode: 7 }
const RESUME = { kind: 'resume', from: 90, fingerprint: { low: 1, high: 2 } }

describe('decides how to read a file that is', () => {
  it.each([
    ['never read', undefined, NOW, { kind: 'restart' }],
    ['unchanged', CURSOR, NOW, { kind: 'unchanged' }],
    ['longer', CURSOR, { ...NOW, size: 101, mtimeMs: 6 }, RESUME],
    ['longer, with the same mtime', CURSOR, { ...NOW, size: 101 }, RESUME],
    ['longer, with an earlier mtime', CURSOR, { ...NOW, size: 101, mtimeMs: 4 }, RESUME],
    [
      'longer, after a read that found no complete line',
      { ...CURSOR, offset: 0 },
      { ...NOW, size: 101, mtimeMs: 6 },
      { kind: 'restart' },
    ],
    ['of the same size, with a later mtime', CURSOR, { ...NOW, mtimeMs: 6 }, { kind: 'restart' }],
    [
      'of the same size, with an mtime a fraction of a millisecond later',
      CURSOR,
      { ...NOW, mtimeMs: 5.26 },
      { kind: 'restart' },
    ],
    ['shorter', CURSOR, { ...NOW, size: 99, mtimeMs: 6 }, { kind: 'restart' }],
    ['shorter, but longer than the part that was read', CURSOR, { ...NOW, size: 95, mtimeMs: 6 }, { kind: 'restart' }],
    ['shorter, with the same mtime', CURSOR, { ...NOW, size: 99 }, { kind: 'restart' }],
    ['another file of the same size and mtime', CURSOR, { ...NOW, inode: 8 }, { kind: 'restart' }],
    ['another file that is longer', CURSOR, { ...NOW, inode: 8, size: 101 }, { kind: 'restart' }],
    ['still empty', { ...CURSOR, size: 0, offset: 0 }, { ...NOW, size: 0 }, { kind: 'unchanged' }],
  ])('%s', (_, cursor, now, decision) => {
    expect(decide(cursor, now)).toEqual(decision)
  })
})

describe('the decision for a sequential source', () => {
  const grown = { ...NOW, size: 101, mtimeMs: 6 }

  it('resumes with saved state, and restarts without', () => {
    expect(decide({ ...CURSOR, saved: 'x' }, grown, true)).toEqual({ ...RESUME, saved: 'x' })
    expect(decide(CURSOR, grown, true)).toEqual({ kind: 'restart' })
    expect(decide(CURSOR, NOW, true)).toEqual({ kind: 'unchanged' })
  })

  it('is the only one that passes saved state on', () => {
    expect(decide({ ...CURSOR, saved: 'x' }, grown)).toEqual(RESUME)
  })
})

describe('cursors', () => {
  it('return exactly what was set', () => {
    const cursors = new Cursors()
    const cursor = {
      size: 2 ** 40 + 1,
      mtimeMs: 1_763_800_000_123.4567,
      inode: 2 ** 52 + 1,
      offset: 2 ** 40,
      fingerprint: { low: 0xffff_ffff, high: 0x8000_0000 },
    }
    cursors.set('/a', CURSOR)
    cursors.set('/b', cursor)
    expect([cursors.get('/a'), cursors.get('/b'), cursors.get('/c')]).toEqual([CURSOR, cursor, undefined])
    cursors.set('/a', cursor)
    expect([cursors.get('/a'), cursors.count]).toEqual([cursor, 2])
  })

  it('reuse the rows of deleted files', () => {
    const cursors = new Cursors()
    for (let file = 0; file < 300; file += 1) cursors.set(`/f${file}`, CURSOR)
    for (let file = 0; file < 300; file += 1) cursors.delete(`/f${file}`)
    cursors.delete('/f1')
    expect([cursors.count, cursors.get('/f7')]).toEqual([0, undefined])
    for (let file = 0; file < 300; file += 1) cursors.set(`/g${file}`, { ...CURSOR, size: file })
    expect([cursors.rows.count, cursors.count]).toEqual([300, 300])
    for (let file = 0; file < 300; file += 1) expect(cursors.get(`/g${file}`)?.size).toBe(file)
  })

  it('write only the paths that changed', () => {
    const cursors = new Cursors()
    const written = (): unknown =>
      [...cursors.pathOf.changes()].map(([row, bytes]) => [row, JSON.parse(new TextDecoder().decode(bytes)) as unknown])
    for (let file = 0; file < 5; file += 1) cursors.set(`/f${file}`, CURSOR)
    expect(written()).toEqual([[0, ['/f0', '/f1', '/f2', '/f3', '/f4']]])
    cursors.pathOf.saved()
    cursors.set('/f3', { ...CURSOR, size: 1 })
    expect(written()).toEqual([])
    cursors.delete('/f4')
    cursors.delete('/f1')
    expect(written()).toEqual([
      [1, ['']],
      [4, ['']],
    ])
  })

  it('forget the files that were not sighted, except those to keep', () => {
    const cursors = new Cursors()
    for (const path of ['/seen', '/set', '/gone', '/kept/a']) cursors.set(path, CURSOR)
    cursors.startSighting()
    cursors.get('/seen')
    cursors.set('/set', CURSOR)
    cursors.set('/new', CURSOR)
    cursors.deleteUnsighted((path) => path.startsWith('/kept'))
    const known = ['/seen', '/set', '/new', '/gone', '/kept/a'].filter((path) => cursors.get(path) !== undefined)
    expect(known).toEqual(['/seen', '/set', '/new', '/kept/a'])
    cursors.startSighting()
    cursors.deleteUnsighted(() => false)
    expect(cursors.count).toBe(0)
  })
})
