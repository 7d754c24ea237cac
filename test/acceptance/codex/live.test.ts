// Cases 46, 50 and 51 of Codex's table (codex-logs 8): files that change between passes. The program is restarted before
// each pass and keeps its state.
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { codexReference } from '../../reference/codex/reference.js'
import { sumOf } from '../../support/exposition.js'
import { once } from '../../support/program.js'
import { A, C, K, M, d, rollout, t1, x, y } from '../../support/rollout.js'
import { comparable, shown, type Shown } from '../../support/shown.js'
import { temporaryFolder } from '../../support/tree.js'
import { AS_1, AS_3, NOTHING, full, path, settle, type Expected, type HomeFiles } from './case.js'
import { countingCases } from './counting.cases.js'
import { derivedCases } from './derived.cases.js'

const { zstdCompressSync: pack } = zlib as { readonly zstdCompressSync?: (bytes: Buffer | string) => Buffer }
const itWith = (there: boolean): typeof it | (() => void) => (there ? it : () => undefined)

const folder = temporaryFolder()
const ONE = rollout(M(A), C(t1), K(x, x))
const THREE = rollout(M(A), C(t1), K(x, x), K(y, d))

describe.concurrent('files that change', () => {
  it('case 46: a torn last line counts as soon as it is complete, with or without a line feed', async () => {
    const { home, shows } = watched({ [path(1)]: ONE.slice(0, -20) })
    await shows(NOTHING)
    appendFileSync(join(home, path(1)), ONE.slice(-20))
    await shows(AS_1)
    writeFileSync(join(home, path(1)), ONE.trimEnd())
    await shows(AS_1)
    appendFileSync(join(home, path(1)), `\n${rollout(K(y, d))}`)
    await shows(AS_3)
  })

  it('case 51: a rollout archived, deleted or restored between passes counts once', async () => {
    const { home, shows } = watched({ [path(1)]: THREE })
    const archived = join(home, path(1, 'archived_sessions'))
    await shows(AS_3)
    mkdirSync(dirname(archived))
    renameSync(join(home, path(1)), archived)
    await shows(AS_3)
    rmSync(archived)
    await shows(AS_3)
    writeFileSync(join(home, path(1)), THREE)
    await shows(AS_3)
  })

  itWith(pack !== undefined)(
    'case 51: a compressed rollout counts once, alone and next to the plain file',
    async () => {
      const packed = `${path(1)}.zst`
      const { home, shows } = watched({ [packed]: pack!(THREE) })
      await shows(AS_3)
      writeFileSync(join(home, path(1)), THREE)
      await shows(AS_3)
      rmSync(join(home, packed))
      await shows(AS_3)
    },
  )

  itWith(pack === undefined)(
    'case 51: a compressed rollout is reported as unreadable where Node.js cannot decompress it',
    async () => {
      const { home, found } = watched({ [`${path(1)}.zst`]: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), [path(2)]: ONE })
      const { samples, perModel } = await found()
      expect(comparable(perModel)).toEqual(full(AS_1))
      expect(sumOf(samples, 'agent_usage_exporter_files_unreadable', { agent: 'codex' })).toBe(1)
      writeFileSync(join(home, path(1)), THREE)
      expect(comparable((await found()).perModel)).toEqual(full(AS_3))
    },
  )
})

/** Cuts each of these cases behind every line. All of these variants lie in one home, with their own threads and projects. */
describe('case 50: rollouts read in two parts, with a restart between them', () => {
  const homes = [...countingCases, ...derivedCases]
    .filter(({ number }) => [3, 7, 12, 17, 26].includes(number))
    .flatMap((one) => one.homes.map(({ files, expect: expected }) => ({ number: one.number, files, expected })))
  const ways = homes.flatMap(({ number, files, expected }) =>
    Object.entries(files).flatMap(([cutPath, content]) => {
      const lines = content.toString().split(/(?<=\n)/)
      return lines.slice(1).map((_, index) => {
        const first = Object.fromEntries(
          Object.entries(files).map(([at, whole]) => [at, at === cutPath ? lines.slice(0, index + 1).join('') : whole]),
        )
        return { title: `case ${number}, behind line ${index + 1}`, first, then: files, expected }
      })
    }),
  )

  it('count the same as in one part, wherever they are cut', async () => {
    expect(ways.length).toBeGreaterThan(35)
    const { home, found } = watched({})
    const write = (part: 'first' | 'then'): void => {
      for (const [n, way] of ways.entries()) settle(join(home, 'sessions', `way-${n}`), renamed(way[part], n))
    }
    write('first')
    await found()
    write('then')
    const shownByProject = comparable((await found()).perProjectModel)
    for (const [n, { title, expected }] of ways.entries()) {
      const own = Object.entries(shownByProject).filter(([name]) => name.startsWith(`way-${n} | `))
      expect(Object.fromEntries(own.map(([name, text]) => [name.split(' | ')[1], text])), title).toEqual(
        full(expected.models),
      )
    }
    expect(shownByProject).toEqual(comparable(codexReference([home]).perProjectModel))
  })
})

/** Replaces the ids of threads, turns and responses, and the working directory. */
function renamed(files: HomeFiles, n: number): HomeFiles {
  return Object.fromEntries(
    Object.entries(files).map(([at, content]) => [
      at.replace(/(\d{10})(\d\d\.jsonl)$/, `${String(n).padStart(10, '0')}$2`),
      content
        .toString()
        .replaceAll(/(-7000-8000-)\d{10}/g, `$1${String(n).padStart(10, '0')}`)
        .replaceAll(/resp_(\w)\w+/g, (_, letter: string) => `resp_${letter.repeat(20)}${n}`)
        .replaceAll('/w/p', `/w/way-${n}`),
    ]),
  )
}

/** A home whose state is kept; each call of `found` and `shows` starts the program anew. */
function watched(files: HomeFiles): {
  readonly home: string
  readonly found: () => Promise<Shown>
  readonly shows: (models: Expected['models']) => Promise<void>
} {
  const made = mkdtempSync(join(folder, 'case-'))
  const home = settle(join(made, 'home'), files)
  mkdirSync(join(home, 'sessions'), { recursive: true })
  const options = { stateDir: join(made, 'state'), flags: [`--codex.home=${home}`] }
  const found = async (): Promise<Shown> => {
    await once([], options)
    // A series that is new since the last run is shown at 0 first.
    return shown(await once([], options))
  }
  return {
    home,
    found,
    shows: async (models) => {
      expect(comparable((await found()).perModel)).toEqual(full(models))
    },
  }
}
