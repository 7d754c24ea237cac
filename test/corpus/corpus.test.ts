// Real session logs: every source, all sources together, and every file alone must give the counts of the reference.
// AUE_CORPUS names a folder of `<source>/projects/…`; the default is the excerpts in test/fixtures/real/.
import { cpSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { projectsDirs, transcripts } from '../reference/transcripts.js'
import { reference } from '../reference/reference.js'
import { once } from '../support/program.js'
import { comparable, shown } from '../support/shown.js'
import { temporaryFolder } from '../support/tree.js'

const corpus = process.env.AUE_CORPUS ?? fileURLToPath(new URL('../fixtures/real', import.meta.url))
const folder = temporaryFolder()
const sources = readdirSync(corpus)
  .map((name) => join(corpus, name))
  .filter((path) => existsSync(join(path, 'projects')))

it('the corpus has session logs', () => {
  expect(sources.length).toBeGreaterThan(3)
  expect(reference(sources, { nowMs: 0 }).perModel.size).toBeGreaterThan(3)
})

describe.concurrent('the program', () => {
  it.each(sources)('counts %s as the reference does', (source) => agrees([source]))

  it('counts all sources together as the reference does', () => agrees(sources))

  it.each(sources)('counts every file of %s alone as the reference does', async (source) => {
    const [projects = ''] = projectsDirs([source])
    await Promise.all(
      transcripts([source]).map(async ({ path }) => {
        const root = mkdtempSync(join(folder, 'one-'))
        cpSync(path, join(root, 'projects', relative(projects, path)))
        await agrees([root], path)
      }),
    )
  })
})

async function agrees(roots: readonly string[], name = roots.join(' ')): Promise<void> {
  const found = shown(await once(roots))
  const expected = reference(roots, { nowMs: Date.now() })
  expect(comparable(found.perProjectModel), name).toEqual(comparable(expected.perProjectModel))
  expect(comparable(found.perModel), name).toEqual(comparable(expected.perModel))
}
