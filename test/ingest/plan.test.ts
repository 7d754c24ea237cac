// The plan of a pass: which files are read, from which offset, and in which order.
import { describe, expect, it } from 'vitest'
import { Cursors, type Cursor } from '../../src/core/cursor.js'
import { Sessions, sessionKey } from '../../src/core/sessions.js'
import { StringTable } from '../../src/core/tables/strings.js'
import { createPlanner, type Plan } from '../../src/ingest/plan.js'
import type { ParseTask } from '../../src/worker/protocol.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import type { FileForm, Source } from '../../src/sources/source.js'

const MIB = 1024 * 1024
const FINGERPRINT = { low: 1, high: 2 }

interface Given {
  readonly path: string
  readonly size: number
  readonly session?: string
  readonly mtimeMs?: number
  readonly source?: Source
  readonly form?: FileForm
}

function plan(
  files: readonly Given[],
  {
    known = {},
    cache = true,
    settled = [],
    give,
  }: {
    known?: Readonly<Record<string, Partial<Cursor>>>
    cache?: boolean
    settled?: readonly string[]
    give?: (task: ParseTask) => void
  } = {},
): Plan {
  const cursors = new Cursors()
  for (const [path, cursor] of Object.entries(known)) {
    cursors.set(path, { size: 0, mtimeMs: 1, inode: 1, offset: 0, fingerprint: FINGERPRINT, ...cursor })
  }
  const places = new Sessions(new StringTable())
  for (const session of settled) places.learn(sessionKey('claude-code', '-a', session), '/w/a', false, '/')
  const planner = createPlanner({ cursors, sessions: places, cache, backend: 'v8', give })
  for (const { path, size, session = 'S', mtimeMs = 1, source = claudeCode, form } of files) {
    planner.add({
      source,
      path,
      logFile: { project: '-a', session, subagent: false, ...(form && { form }) },
      stat: { size, mtimeMs, inode: 1 },
    })
  }
  return planner.finish()
}

const filesOf = ({ tasks }: { readonly tasks: readonly ParseTask[] }) =>
  tasks.map(({ files }) => files.map(({ path }) => path))

describe('a plan', () => {
  it('skips unchanged files, resumes grown ones, and restarts the others', () => {
    const known = {
      '/same': { size: 10, offset: 10 },
      '/grown': { size: 10, offset: 8 },
      '/shorter': { size: 99, offset: 99 },
    }
    const { tasks, found, unchanged, bytes } = plan(
      [
        { path: '/same', size: 10 },
        { path: '/grown', size: 30 },
        { path: '/shorter', size: 50 },
        { path: '/new', size: 5 },
      ],
      { known },
    )
    const from = Object.fromEntries(
      tasks.flatMap(({ files }) => files.map((file) => [file.path, [file.from, file.fingerprint.low]])),
    )
    expect(from).toEqual({ '/grown': [8, 1], '/shorter': [0, 0], '/new': [0, 0] })
    expect({ found, unchanged, bytes }).toEqual({ found: 4, unchanged: 1, bytes: 22 + 50 + 5 })
  })

  it('puts all compressed files into one task, which is never read on the main thread', () => {
    const files = [
      ...Array.from({ length: 40 }, (_, at) => ({ path: `/${at}.zst`, size: MIB, form: 'zstd-lines' as const })),
      ...Array.from({ length: 40 }, (_, at) => ({ path: `/${at}`, size: MIB })),
    ]
    const given: ParseTask[] = []
    const planned = plan(files, { give: (task) => given.push(task) })
    const tasks = [...given, ...planned.tasks].map((task) => task.files.map(({ path }) => path.endsWith('.zst')))
    expect(tasks.filter((packed) => packed.includes(true))).toEqual([new Array(40).fill(true)])
    expect(tasks.flat()).toHaveLength(80)
    expect(given.length).toBeGreaterThan(0)
    expect(plan([{ path: '/a', size: 1_000 }]).small).toBe(true)
    expect(plan([{ path: '/a.zst', size: 1_000, form: 'zstd-lines' }]).small).toBe(false)
  })

  it('restarts every file without the cache', () => {
    const { tasks, unchanged } = plan([{ path: '/same', size: 10 }], {
      known: { '/same': { size: 10, offset: 10 } },
      cache: false,
    })
    expect([tasks[0]!.files[0]!.from, unchanged]).toEqual([0, 0])
  })

  it('requests working directories only for sessions that have none from their first main transcript', () => {
    const { tasks } = plan(
      [
        { path: '/a', size: 2, session: 'told' },
        { path: '/b', size: 1, session: 'new' },
      ],
      { settled: ['told'] },
    )
    expect(tasks[0]!.files.map(({ wantsCwd }) => wantsCwd)).toEqual([false, true])
  })

  it('puts the largest files first, with at most 16 MiB per task of several files', () => {
    const sizes = [4, 12, 8, 4, 1000, 4]
    const planned = plan(sizes.map((size, index) => ({ path: `/${index}-${size}`, size: size * MIB })))
    expect(filesOf(planned)).toEqual([['/4-1000'], ['/1-12'], ['/2-8', '/0-4', '/3-4'], ['/5-4']])
    expect(new Set(planned.tasks.map(({ agent }) => agent))).toEqual(new Set(['claude-code']))
  })

  it('makes smaller tasks for less data, down to 1 MiB', () => {
    const sizes = (planned: Plan) => planned.tasks.map(({ files }) => files.length)
    const small = (count: number) =>
      plan(Array.from({ length: count }, (_, index) => ({ path: `/${index}`, size: MIB / 4 })))
    expect(sizes(small(128))).toEqual(Array.from({ length: 16 }, () => 8))
    expect(sizes(small(12))).toEqual([4, 4, 4])
  })

  it.each([8_192, 64 * 1024])(
    "makes about as many tasks for two agents' files as for one agent's: 2,000 files of %d bytes",
    (size) => {
      const other = { ...claudeCode, agent: 'other' }
      const tasksOf = (second: Source, away: boolean): readonly ParseTask[] => {
        const given: ParseTask[] = []
        const files = Array.from({ length: 2_000 }, (_, index) => ({
          path: `/${index}`,
          size,
          source: index % 2 === 0 ? claudeCode : second,
        }))
        const { tasks } = plan(files, away ? { give: (task) => given.push(task) } : {})
        return [...given, ...tasks]
      }
      for (const away of [false, true]) {
        const tasks = tasksOf(other, away)
        expect(Math.abs(tasks.length - tasksOf(claudeCode, away).length)).toBeLessThanOrEqual(2)
        expect(tasks.flatMap((task) => task.files)).toHaveLength(2_000)
        for (const { agent, files } of tasks)
          for (const { path } of files) expect(Number(path.slice(1)) % 2).toBe(agent === 'other' ? 1 : 0)
      }
    },
  )

  it('hands out a task as soon as it is full, and keeps the rest', () => {
    const given: ParseTask[] = []
    const sizes = [4, 12, 8, 4, 40, 3, 5]
    const planned = plan(
      sizes.map((size, index) => ({ path: `/${index}-${size}`, size: size * MIB })),
      { give: (task) => given.push(task) },
    )
    expect(filesOf({ tasks: given })).toEqual([
      ['/0-4', '/1-12'],
      ['/2-8', '/3-4', '/4-40'],
    ])
    expect(planned.tasks.flatMap(({ files }) => files.map(({ path }) => path))).toEqual(['/6-5', '/5-3'])
    expect(planned).toMatchObject({ given: 2, bytes: 76 * MIB, found: 7, small: false })
  })

  it('is small for up to 256 KiB of new bytes', () => {
    expect([
      plan([{ path: '/a', size: 256 * 1024 }]).small,
      plan([{ path: '/a', size: 256 * 1024 + 1 }]).small,
    ]).toEqual([true, false])
    expect(
      plan([{ path: '/a', size: 10 * MIB }], { known: { '/a': { size: 10 * MIB - 5, offset: 10 * MIB - 5 } } }).small,
    ).toBe(true)
  })

  it('is empty without files', () => {
    expect(plan([])).toMatchObject({
      found: 0,
      unchanged: 0,
      tasks: [],
      bytes: 0,
      small: true,
      oldestMtimeMs: undefined,
    })
  })

  it('has the mtime of the oldest file', () => {
    expect(
      plan([
        { path: '/a', size: 1, mtimeMs: 7 },
        { path: '/b', size: 1, mtimeMs: 3 },
      ]).oldestMtimeMs,
    ).toBe(3)
  })

  it('reads a file once that was found twice', () => {
    expect(
      filesOf(
        plan([
          { path: '/a', size: 1 },
          { path: '/a', size: 1 },
        ]),
      ),
    ).toEqual([['/a']])
  })

  it('counts a file once that was found twice', () => {
    const known = { '/same': { size: 1, offset: 1 } }
    const twice = ['/a', '/same', '/a', '/same'].map((path) => ({ path, size: 1 }))
    expect(plan(twice, { known })).toMatchObject({ found: 2, unchanged: 1 })
  })
})
