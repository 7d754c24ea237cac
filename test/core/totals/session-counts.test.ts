// A session counts once in each project in which a response originates from it. No count ever falls.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FLAG } from '../../../src/core/ledger/usage.js'
import { State } from '../../../src/core/state.js'
import { DrivenState } from '../driven-state.js'
import { specOf } from '../ledger/ledger-spec.js'
import { PLAIN, PLACES, cut, madeLines, retold, type Made, type MadeLine } from '../made-lines.js'

const RUNS = { numRuns: 1_000 }
const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
/** Two directories of one project, so that a session id found in both is one session. */
const PROJECTS: Readonly<Record<string, string>> = { 'agent/one/s1': 'app', 'agent/two/s1': 'app' }
const projectOf = (place: string): string => PROJECTS[place] ?? place.split('/')[1]!

function begun(): DrivenState {
  const driven = new DrivenState()
  for (const [place, project] of Object.entries(PROJECTS))
    driven.state.sessions.learn(place, `/w/${project}`, false, place)
  return driven
}

/** By `agent|project`. */
function shown({ state: { totals } }: Pick<DrivenState, 'state'>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (let row = 0; row < totals.series.count; row += 1) {
    const { agent, project } = totals.series.labels(row)
    counts[`${agent}|${project}`] = (counts[`${agent}|${project}`] ?? 0) + totals.sessions.count(row)
  }
  return counts
}

/** The number of sessions by project from which responses originate, computed with a plain set. */
function originsOf(lines: readonly Made[]): Record<string, number> {
  const origins = new Set(
    [...specOf(lines).counted().values()].map(
      ({ place }) => `agent|${projectOf(place)}|${place.slice(place.lastIndexOf('/'))}`,
    ),
  )
  const counts: Record<string, number> = {}
  for (const origin of origins) {
    const project = origin.slice(0, origin.lastIndexOf('|'))
    counts[project] = (counts[project] ?? 0) + 1
  }
  return counts
}

const positive = (counts: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))

/** Books in steps, with restarts in between. */
function bookIn(driven: DrivenState, most: number, restarts: boolean): void {
  while (driven.state.totals.waiting) {
    driven.book(undefined, most)
    driven.commit()
    if (restarts) driven.restart()
  }
}

describe('one booking', () => {
  it('counts the sessions that are an origin in the ledger, for any order, batches and steps', () => {
    fc.assert(
      fc.property(
        madeLines.chain((lines) => fc.tuple(fc.constant(lines), retold(lines))),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        ([lines, batches], most, restarts) => {
          const driven = begun()
          for (const batch of batches) driven.tell(batch)
          bookIn(driven, most, restarts)
          expect(positive(shown(driven))).toEqual(originsOf(lines))
        },
      ),
      RUNS,
    )
  })
})

describe('bookings in between', () => {
  it('count per project the highest number of sessions that were origins at one time, across restarts', () => {
    let corrected = 0
    fc.assert(
      fc.property(madeLines, sizes, fc.boolean(), (lines, batches, restarts) => {
        const driven = begun()
        const told: Made[] = []
        const most: Record<string, number> = {}
        for (const batch of cut(lines, batches)) {
          driven.tell(batch)
          bookIn(driven, Infinity, restarts)
          told.push(...batch)
          const now = originsOf(told)
          for (const [project, count] of Object.entries(now)) most[project] = Math.max(most[project] ?? 0, count)
          expect(positive(shown(driven))).toEqual(most)
          if (Object.keys(most).some((project) => most[project] !== now[project])) corrected += 1
        }
      }),
      RUNS,
    )
    expect(corrected).toBeGreaterThan(20)
  })
})

describe('a fork', () => {
  const [original, fork] = ['agent/one/s2', 'agent/one/s3']
  const line = (key: string, place: string, time: number): MadeLine => ({ ...PLAIN, key, place, time })
  const parent = [line('m1', original, 1), line('m2', original, 2)]
  const copies = parent.map((each) => ({ ...each, place: fork }))

  it('counts as a session only once it has a response of its own', () => {
    const driven = begun()
    driven.tell([...copies, ...parent])
    driven.book()
    expect(shown(driven)).toEqual({ 'agent|one': 1 })
    driven.tell([line('m3', fork, 3)])
    driven.book()
    expect(shown(driven)).toEqual({ 'agent|one': 2 })
  })

  it('that is read before its parent passes its count on to the parent', () => {
    const driven = begun()
    driven.tell(copies)
    driven.book()
    expect(shown(driven)).toEqual({ 'agent|one': 1 })
    driven.tell(parent)
    driven.book()
    expect(shown(driven)).toEqual({ 'agent|one': 1 })
    driven.tell([line('m3', fork, 3)])
    driven.book()
    expect(shown(driven)).toEqual({ 'agent|one': 2 })
  })

  it('passes its count on among thousands of forks, and other sessions take the free counts', () => {
    const driven = begun()
    const all = (place: (index: number) => string, key: string, time: number): readonly MadeLine[] =>
      Array.from({ length: 6_000 }, (_, index) => line(`${key}${index}`, place(index), time))
    const told = (lines: readonly MadeLine[]): Record<string, number> => {
      driven.tell(lines)
      bookIn(driven, 1_000, false)
      return shown(driven)
    }
    expect(told(all((index) => `agent/one/f${index}`, 'm', 5))).toEqual({ 'agent|one': 6_000 })
    expect(told(all(() => original, 'm', 1))).toEqual({ 'agent|one': 6_000 })
    expect(told(all((index) => `agent/one/g${index}`, 'n', 5))).toEqual({ 'agent|one': 6_001 })
    expect(told(all(() => original, 'n', 1))).toEqual({ 'agent|one': 6_001 })
    expect(told(all((index) => `agent/one/g${index}`, 'o', 5))).toEqual({ 'agent|one': 6_001 })
    driven.commit()
    driven.restart()
    expect(told([line('p', 'agent/one/h', 5)])).toEqual({ 'agent|one': 6_002 })
  })

  it('without message ids passes its count on when its original is read', () => {
    const driven = begun()
    const copy = { ...line('r1', 'agent/one/s9', 5), flags: FLAG.requestOnly }
    driven.tell([copy])
    driven.book()
    driven.tell([{ ...line('m1', original, 1), request: 'r1' }, line('m4', 'agent/one/s4', 1)])
    driven.book()
    expect(shown(driven)).toEqual({ 'agent|one': 2 })
  })
})

it('sessions are counted and stored when a state from before session counts is loaded', () => {
  fc.assert(
    fc.property(madeLines, sizes, (lines, batches) => {
      const driven = begun()
      for (const batch of cut(lines, batches)) driven.tell(batch)
      driven.book()
      const all = [...driven.state.everything()].map((change) => ({ ...change, bytes: change.bytes.slice() }))
      const { layout, tables } = driven.state.heading
      const former = { layout, tables: tables.filter(({ name }) => name !== 'sessions') }
      expect(tables.at(-1)!.name).toBe('sessions')
      const state = new State()
      state.load(
        former,
        all.filter(({ table }) => table < former.tables.length),
      )
      expect(positive(shown({ state }))).toEqual(originsOf(lines))
      // The added rows are changes like any other.
      const added = [...state.changes()].filter(({ table }) => table === former.tables.length)
      expect(added.length > 0).toBe(state.totals.sessions.rows.count > 0)
    }),
    RUNS,
  )
})

it('sessions with one id count separately in two projects, and once in two directories of one project', () => {
  expect(PLACES).toEqual(['agent/one/s1', 'agent/one/s2', 'agent/two/s1'])
  const driven = begun()
  driven.tell([PLAIN, { ...PLAIN, key: 'm2', place: 'agent/two/s1' }])
  driven.tell([
    { ...PLAIN, key: 'm3', place: 'agent/three/s1' },
    { ...PLAIN, key: 'm4', model: 'model-b' },
  ])
  driven.book()
  expect(shown(driven)).toEqual({ 'agent|app': 1, 'agent|three': 1 })
})

it('a session whose project changes leaves its count in the former project to a later session', () => {
  const driven = new DrivenState()
  driven.tell([{ ...PLAIN, place: 'agent/one/s2' }])
  driven.book()
  driven.state.sessions.learn('agent/one/s2', '/w/app', false, 'file')
  driven.tell([{ ...PLAIN, place: 'agent/one/s2', output: 2 }])
  driven.book()
  expect(shown(driven)).toEqual({ 'agent|one': 1, 'agent|app': 1 })
  driven.tell([{ ...PLAIN, key: 'm9', place: 'agent/one/s9' }])
  driven.book()
  expect(shown(driven)).toEqual({ 'agent|one': 1, 'agent|app': 1 })
})
