// The files of a home, read in any pieces and any order, must give the ledger of the reference.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MODIFIER } from '../../../src/core/ledger/modifiers.js'
import type { Batch } from '../../../src/core/ledger/batch.js'
import { codex } from '../../../src/sources/codex/codex.js'
import { ledgerOf } from '../../reference/codex/reference.js'
import { worlds, type World } from '../../support/rollout-worlds.js'
import { countedOf, readTranscript, type Counted } from '../reading.js'

/** One read of a file, up to what was written by then; `moved`: under another name, and so from its start. */
const look = fc.record({
  file: fc.nat(),
  until: fc.nat(1_000),
  moved: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
})

it('any interleaving of appends, restarts and moves, read in any order, gives the ledger of the reference', () => {
  fc.assert(
    fc.property(
      worlds,
      fc.array(look, { maxLength: 24 }),
      fc.infiniteStream(fc.nat(1_000_000)),
      (world, looks, order) => {
        const batches = new Disk(world).read(looks)
        const shuffled = batches
          .map((batch) => ({ batch, at: order.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ batch }) => batch)
        expect(
          countedOf(...shuffled)
            .map(shownOf)
            .sort(),
        ).toEqual(expectedOf(world))
      },
    ),
    { numRuns: Number(process.env.AUE_ROLLOUT_RUNS ?? 1_500) },
  )
})

it('the generated homes hold hidden responses, copies, service tiers and unknown models', () => {
  const seen = { hidden: 0, copies: 0, tiers: 0, unknown: 0, responses: 0 }
  for (const world of fc.sample(worlds, 300)) {
    const ledger = ledgerOf(contentsOf(world))
    seen.responses += ledger.length
    seen.hidden += ledger.filter(({ key }) => key.includes('"gap"')).length
    seen.tiers += ledger.filter(({ tier }) => tier !== '' && tier !== 'default').length
    seen.unknown += ledger.filter(({ model }) => model === '').length
    seen.copies += contentsOf(world).reduce((sum, content) => sum + ledgerOf([content]).length, 0) - ledger.length
  }
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20)
})

class Disk {
  readonly #files: {
    readonly thread: string
    readonly content: Buffer
    offset: number
    saved: string | undefined
    moves: number
  }[]

  constructor({ files }: World) {
    this.#files = files.map((file) => ({ ...file, offset: 0, saved: undefined, moves: 0 }))
  }

  /** The batch of each look, then the rest of each file. */
  read(looks: readonly { readonly file: number; readonly until: number; readonly moved: boolean }[]): Batch[] {
    const some = looks.map(({ file, until, moved }) => this.#look(file % this.#files.length, until / 1_000, moved))
    return [...some, ...this.#files.map((_, index) => this.#look(index, 1, false))]
  }

  #look(index: number, until: number, moved: boolean): Batch {
    const file = this.#files[index]!
    if (moved) Object.assign(file, { offset: 0, saved: undefined, moves: file.moves + 1 })
    const end = Math.max(file.offset, Math.floor(file.content.length * until))
    const place = { project: 'unknown', session: file.thread, subagent: false }
    const path = `/home/${file.moves}/rollout-${file.thread}.jsonl`
    const piece = file.content.subarray(file.offset, end)
    const { batch, saved } = readTranscript(codex, { ...place, path, wantsCwd: true }, piece, file)
    file.offset += piece.lastIndexOf(0x0a) + 1
    file.saved = file.offset === 0 ? undefined : saved
    return batch
  }
}

function contentsOf({ files }: World) {
  return files.map(({ thread, content }) => ({
    file: { path: `/home/rollout-${thread}.jsonl`, thread },
    bytes: content,
  }))
}

function expectedOf(world: World): string[] {
  return ledgerOf(contentsOf(world))
    .map(({ model, input, output, cacheRead, cacheWrite, timeMs, tier, session }) =>
      [model, input, output, cacheRead, cacheWrite, timeMs, tier === 'default' ? '' : tier, session.file.thread].join(
        ' ',
      ),
    )
    .sort()
}

function shownOf({ model, input, output, cache_read, cache_write_5m, time, flags, place }: Counted): string {
  const tier = (['priority', 'flex', 'ultrafast'] as const).find((name) => (flags & MODIFIER[name]) !== 0) ?? ''
  return [model, input, output, cache_read, cache_write_5m, time, tier, place.replace('codex/unknown/', '')].join(' ')
}
