// Real rollouts: every home, all homes together, and every file alone must give the counts of the reference.
// AUE_CORPUS names a folder of `<source>/codex/…`; the default is the excerpts in test/fixtures/real/.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { codexReference } from '../reference/codex/reference.js'
import { rollouts } from '../reference/codex/rollouts.js'
import { once } from '../support/program.js'
import { comparable, shown } from '../support/shown.js'
import { temporaryFolder } from '../support/tree.js'

// Resolved, because the reference names files by their real paths.
const corpus = realpathSync(process.env.AUE_CORPUS ?? fileURLToPath(new URL('../fixtures/real', import.meta.url)))
const folder = temporaryFolder()
const homes = readdirSync(corpus)
  .map((name) => join(corpus, name, 'codex'))
  .filter((path) => existsSync(path))

it('the corpus has rollouts', () => {
  expect(rollouts(homes).length).toBeGreaterThan(4)
  expect(codexReference(homes).perModel.size).toBeGreaterThan(2)
})

describe.concurrent('the program', () => {
  it.each(homes)('counts %s as the reference does', (home) => agrees([home]))

  it('counts all homes together as the reference does', () => agrees(homes))

  it.each(homes)('counts every file of %s alone as the reference does', async (home) => {
    await Promise.all(
      rollouts([home]).map(async ({ path }) => {
        const alone = mkdtempSync(join(folder, 'one-'))
        const target = join(alone, relative(home, path))
        mkdirSync(dirname(target), { recursive: true })
        cpSync(path, target)
        await agrees([alone], path)
      }),
    )
  })
})

const agentv = homes.filter((home) => home.includes('/EntityProcess+agentv/'))
for (const home of agentv) {
  it('the four rollouts of agentv give their known counts (codex-logs 7)', async () => {
    const { perModel } = shown(await once([], { flags: [`--codex.home=${home}`] }))
    expect(comparable(perModel)).toEqual({
      'gpt-5.4': '10; 36058/2958/0/0/230656; 0.192179; 0 searches',
      'gpt-5.5': '134; 883568/48747/0/0/7654144; 9.707322; 0 searches',
    })
  })
}

async function agrees(some: readonly string[], name = some.join(' ')): Promise<void> {
  const found = shown(await once([], { flags: some.map((home) => `--codex.home=${home}`) }))
  const expected = codexReference(some)
  expect(comparable(found.perProjectModel), name).toEqual(comparable(expected.perProjectModel))
  expect(comparable(found.perModel), name).toEqual(comparable(expected.perModel))
}
