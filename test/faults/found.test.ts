// Faults of a machine that once damaged the state or the shown values, each reduced to a minimal test.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, type TestContext } from 'vitest'
import { sumOf } from '../support/exposition.js'
import { temporaryFolder } from '../support/tree.js'
import { endOpening } from './actions.js'
import type { End } from './exporter.js'
import type { Hardship } from './machine.js'
import { createRig, type Rig } from './rig.js'
import {
  effects,
  keepOne,
  once,
  plantMany,
  removeLogs,
  requests,
  requestsIn,
  serving,
  shown,
  usage,
  write,
} from './serving.js'
import { copyOver, copyTo, filesOf, giveTo, NOBODY, removeLocks, replaceBy, replaceLargest } from './state-files.js'

const folder = temporaryFolder()
const rigFor = (
  context: TestContext,
  options?: { readonly megabytes?: number; readonly clock?: boolean },
): Promise<Rig> => createRig(context, mkdtempSync(join(folder, 'found-')), options)

describe('a valid state directory is not set aside', () => {
  it('after seven starts with a full disk', async (context) => {
    const rig = await rigFor(context)
    await keepOne(rig)
    removeLocks(rig.homes.state)
    rig.machine.fill(4_096)
    const ends: End[] = []
    for (let start = 0; start < 7; start++) ends.push(await once(rig))
    rig.machine.free()
    expect.soft(ends.map(({ signal }) => signal)).toEqual(Array(7).fill(null))
    expect(await serving(rig, requests)).toBe(1)
  })

  it('after ten stops while it is opened', async (context) => {
    const rig = await rigFor(context, { megabytes: 128 })
    plantMany(rig, 180_000)
    expect(await serving(rig, requests)).toBe(180_000)
    removeLogs(rig)
    for (const ms of [0, 0, 0, 2, 2, 2, 5, 5, 5, 10]) await endOpening(rig, 'SIGTERM', ms)
    expect(await serving(rig, requests)).toBe(180_000)
  })

  it('after fourteen starts with too little address space', async (context) => {
    const rig = await rigFor(context)
    await keepOne(rig)
    const ends: End[] = []
    for (let start = 0; start < 14; start++) ends.push(await once(rig, { hardship: { addressSpace: 1_100_000_000 } }))
    // Without memory, V8 ends the process with another signal. These two would be memory errors of ours.
    expect.soft(ends.filter(({ signal }) => signal === 'SIGSEGV' || signal === 'SIGBUS')).toEqual([])
    expect(await serving(rig, requests)).toBe(1)
  })
})

describe('no count is lost if, under a running exporter, somebody', () => {
  it.for<[string, (rig: Rig) => void]>([
    ['removes the state directory', ({ homes }) => rmSync(homes.state, { recursive: true })],
    ['removes the state file', ({ homes }) => rmSync(filesOf(homes.state)[0]!)],
    [
      'moves the state directory away',
      ({ homes }) => {
        replaceBy(homes.state, homes.away)
        rmSync(homes.state, { recursive: true })
      },
    ],
    [
      'removes the state directory and creates it again',
      ({ homes }) => {
        rmSync(homes.state, { recursive: true })
        mkdirSync(homes.state, { mode: 0o700 })
      },
    ],
    ['replaces the state file by an older one', ({ homes }) => replaceLargest(homes.copy, homes.state)],
  ])('%s', async ([, disturb], context) => {
    const rig = await rigFor(context)
    await keepOne(rig)
    copyTo(rig.homes.state, rig.homes.copy)
    // After the copy, the state grows by more than one page.
    plantMany(rig, 800)
    await serving(rig, (exporter) => shown(exporter, 801))
    const said = await serving(rig, async (exporter) => {
      disturb(rig)
      for (let index = 802; index <= 881; index++) {
        write(rig, 'app', index)
        await shown(exporter, index)
      }
      return exporter.scrape()
    })
    removeLogs(rig)
    expect(requestsIn(said)).toBe(881)
    expect.soft(sumOf(said, 'agent_usage_exporter_store_up')).toBe(1)
    expect(await serving(rig, requests)).toBe(881)
  })
})

describe('no series returns to 0 after a restart if', () => {
  it.for<[string, NodeJS.Signals]>([
    ['it was stopped', 'SIGTERM'],
    ['it was killed', 'SIGKILL'],
  ])('the exporter had a full disk and %s', async ([, signal], context) => {
    const rig = await rigFor(context)
    write(rig, 'app', 1)
    const before = await serving(
      rig,
      async (exporter) => {
        rig.machine.fill()
        for (let project = 1; project <= 40; project++) {
          for (let model = 1; model <= 12; model++)
            write(rig, `new-${project}`, `${project}-${model}`, `${'m'.repeat(150)}${model}`)
        }
        return shown(exporter, 481)
      },
      { signal },
    )
    expect(sumOf(before, 'agent_usage_exporter_store_up')).toBe(0)
    rig.machine.free()
    const after = await serving(rig, (exporter) => exporter.scrape())
    expect(usage(after)).toEqual(usage(before))
  })

  it.for<[string, (rig: Rig) => void]>([
    ['as another file', ({ homes }) => replaceBy(homes.copy, homes.state)],
    ['into the same file', ({ homes }) => copyOver(homes.copy, homes.state)],
  ])("yesterday's state was restored %s", async ([, putBack], context) => {
    const rig = await rigFor(context)
    write(rig, 'app', 1)
    await serving(rig, requests)
    copyTo(rig.homes.state, rig.homes.copy)
    const before = await serving(rig, async (exporter) => {
      for (let project = 1; project <= 20; project++) write(rig, `new-${project}`, `new-${project}`)
      return shown(exporter, 21)
    })
    putBack(rig)
    const after = await serving(rig, (exporter) => exporter.scrape())
    expect(usage(after)).toEqual(usage(before))
  })
})

describe('a read-only state', () => {
  it.for<[string, (rig: Rig) => Hardship]>([
    [
      'on a read-only disk',
      ({ machine }) => {
        machine.makeReadOnly()
        return {}
      },
    ],
    [
      'of another user',
      ({ homes }) => {
        giveTo(NOBODY, homes.state, true)
        return { powerless: true }
      },
    ],
  ])('is read: %s', async ([, spoil], context) => {
    const rig = await rigFor(context)
    await keepOne(rig)
    const hardship = spoil(rig)
    const { code, signal, shown } = await once(rig, { hardship })
    // `once` may fail because it could not store its counts. It must not succeed without having read the state.
    expect.soft({ signal, shown: code === 0 ? requestsIn(shown) : 1 }).toEqual({ signal: null, shown: 1 })
    expect(await serving(rig, requests, { hardship, codes: [0, 1] })).toBe(1)
  })

  it('that cannot be read either makes `once` fail', async (context) => {
    const rig = await rigFor(context)
    await keepOne(rig)
    giveTo(NOBODY, rig.homes.state, false)
    expect.soft(await once(rig, { hardship: { powerless: true } })).toMatchObject({ code: 1, signal: null })
    giveTo(0, rig.homes.state, false)
    expect(await serving(rig, requests)).toBe(1)
  })
})

it.for([0, 1, 2, 4])('keeps counting while connections leave it only %i descriptors', async (spare, context) => {
  const rig = await rigFor(context)
  write(rig, 'app', 1)
  await serving(
    rig,
    async (exporter) => {
      await exporter.crowd(128, spare)
      const speak = (): void => [2, 3].forEach((id) => write(rig, `app-${id}`, id))
      await effects(() => exporter.scrape(), speak, 2)
      exporter.disperse()
      await shown(exporter, 3)
      // The state is stored again, too.
      write(rig, 'app', 4)
      expect(sumOf(await shown(exporter, 4), 'agent_usage_exporter_store_up')).toBe(1)
    },
    { hardship: { descriptors: 128 } },
  )
  removeLogs(rig)
  expect(await serving(rig, requests)).toBe(4)
})

it.for([0, 4_096, 8_192, 16_384])(
  'serves its counts after a first start on a disk with %i bytes left',
  async (left, context) => {
    const rig = await rigFor(context, { megabytes: 1 })
    write(rig, 'app', 1)
    rig.machine.fill(left)
    const all = await serving(rig, (exporter) => exporter.scrape(), { codes: [0, 1] })
    expect(requestsIn(all)).toBe(1)
    const up = sumOf(all, 'agent_usage_exporter_store_up')
    if (left === 0) expect(up).toBe(0)
    // If it reported that it stores its counts, they are there.
    removeLogs(rig)
    rig.machine.free()
    expect(await serving(rig, requests)).toBeGreaterThanOrEqual(up)
  },
)

it('a second process is rejected even if the lock file was removed', async (context) => {
  const rig = await rigFor(context)
  write(rig, 'app', 1)
  await serving(rig, async () => {
    removeLocks(rig.homes.state)
    for (const command of ['once', 'serve'] as const) {
      const second = rig.launch({ command })
      expect.soft(await second.ready(), command).toBe(false)
      if (second.ended() === undefined) await second.end('SIGTERM')
      expect.soft(second.ended(), command).toEqual({ code: 1, signal: null })
    }
  })
})

it.for([4, 10, 3_600])(
  'keeps showing the same counters if the clock is set back by %i seconds',
  async (seconds, context) => {
    const rig = await rigFor(context, { clock: true })
    write(rig, 'app', 1)
    await serving(rig, async (exporter) => {
      write(rig, 'new', 2)
      const before = await shown(exporter, 2)
      rig.machine.setClock(-seconds)
      expect(usage(await exporter.scrape())).toEqual(usage(before))
    })
  },
)
