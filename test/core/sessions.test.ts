// The project of a session: from its main transcript, else from its sub-agents' files, else its slug.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Sessions, sessionKey } from '../../src/core/sessions.js'
import { StringTable } from '../../src/core/tables/strings.js'

const PLACE = sessionKey('claude-code', '-w-app', 'a/b')

describe('a session', () => {
  it('has a key of agent, slug and session id, from which they can be read', () => {
    const places = new Sessions(new StringTable())
    expect(PLACE).toBe('claude-code/-w-app/a/b')
    expect(places.agent(PLACE)).toBe('claude-code')
    expect(places.project(PLACE)).toBe('-w-app')
    expect(places.wants(PLACE, true, 'agent', false)).toBe(true)
  })

  it('is not interned by a lookup', () => {
    const texts = new StringTable()
    const places = new Sessions(texts)
    expect([places.wants(PLACE, false, 'm', true), places.project(PLACE), texts.count]).toEqual([true, '-w-app', 0])
  })

  it('prefers the project of a main transcript, then the file that is first by path', () => {
    const places = new Sessions(new StringTable())
    const wanted = (nested: boolean, file: string, whole = true): boolean => places.wants(PLACE, nested, file, whole)
    places.learn(PLACE, '/w/sub', true, 'b')
    expect(places.project(PLACE)).toBe('/w/sub')
    expect([wanted(true, 'a'), wanted(true, 'c'), wanted(false, 'z')]).toEqual([true, false, true])
    places.learn(PLACE, '/w/main', false, 'm')
    expect(places.project(PLACE)).toBe('/w/main')
    expect([wanted(true, 'a'), wanted(false, 'n'), wanted(false, 'l')]).toEqual([false, false, true])
    places.learn(PLACE, '/w/sub', true, 'a')
    expect(places.project(PLACE)).toBe('/w/main')
  })

  it('takes a new project from a rewritten file, not from appended lines', () => {
    const places = new Sessions(new StringTable())
    places.learn(PLACE, '/w/before', false, 'm')
    expect([places.wants(PLACE, false, 'm', false), places.wants(PLACE, false, 'm', true)]).toEqual([false, true])
    places.learn(PLACE, '/w/after', false, 'm')
    expect(places.project(PLACE)).toBe('/w/after')
  })

  it('changes no row when the same project is learnt again', () => {
    const places = new Sessions(new StringTable())
    places.learn(PLACE, '/w/app', false, 'm')
    places.rows.saved()
    places.learn(PLACE, '/w/app', false, 'm')
    expect([...places.rows.changes()]).toEqual([])
  })

  it('has the same project for any order of its files', () => {
    const told = fc.uniqueArray(fc.record({ file: fc.constantFrom('a', 'b', 'c', 'd'), nested: fc.boolean() }), {
      selector: ({ file }) => file,
      minLength: 1,
    })
    fc.assert(
      fc.property(
        told.chain((files) => fc.shuffledSubarray(files, { minLength: files.length })),
        (files) => {
          const places = new Sessions(new StringTable())
          for (const { file, nested } of [...files, ...files]) places.learn(PLACE, `/w/${file}`, nested, file)
          const first = files.toSorted((a, b) => Number(a.nested) - Number(b.nested) || (a.file < b.file ? -1 : 1))[0]!
          expect(places.project(PLACE)).toBe(`/w/${first.file}`)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('is the same after loading, its label included', () => {
    const texts = new StringTable()
    const places = new Sessions(texts)
    for (let number = 0; number < 600; number += 1)
      places.learn(sessionKey('agent', `${number}`, 's'), `/w/${number}`, number % 2 === 0, 'f')
    places.label(['/w/app', '/v/app'])
    const loaded = new Sessions(texts)
    for (const [page, bytes] of places.rows.changes()) loaded.rows.load(page, bytes)
    for (const [page, bytes] of places.projects.changes()) loaded.projects.load(page, bytes)
    loaded.reindex()
    for (let number = 0; number < 600; number += 1) {
      const name = sessionKey('agent', `${number}`, 's')
      expect([loaded.project(name), loaded.wants(name, false, 'f', false)]).toEqual([`/w/${number}`, number % 2 === 0])
    }
    expect(['/w/app', '/v/app', '/u/app'].map((path) => loaded.labelOf(path))).toEqual(['w/app', 'v/app', undefined])
  })
})

describe('the labels of projects', () => {
  it('never change once given', () => {
    const places = new Sessions(new StringTable())
    places.label(['/w/app'])
    places.label(['/v/app', '/w/app'])
    expect(['/w/app', '/v/app'].map((path) => places.labelOf(path))).toEqual(['app', 'v/app'])
    expect(places.projects.count).toBe(2)
  })
})
