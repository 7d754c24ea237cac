// Random trees that combine every feature of the format: the program must count what the independent reference counts.
// AUE_SEED=17 runs only tree 17, AUE_TREES=1000 runs 1,000 trees.
import { cpSync, mkdtempSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { reference } from '../reference/reference.js'
import { hostileTree } from '../support/hostile.js'
import { once } from '../support/program.js'
import { comparable, shown } from '../support/shown.js'
import { smallest } from '../support/smallest.js'
import { plant, temporaryFolder, type Files } from '../support/tree.js'

const folder = temporaryFolder()
const only = process.env.AUE_SEED
const trees = Number(process.env.AUE_TREES ?? 160)
const seeds = only === undefined ? Array.from({ length: trees }, (_, index) => index + 1) : [Number(only)]

it(`counts ${seeds.length} hostile trees as the reference does`, { timeout: 600_000 }, async () => {
  const failing = (await Promise.all(seeds.map(async (seed) => ((await differs(seed)) ? [seed] : [])))).flat()
  const [first] = failing
  if (first === undefined) return
  const tree = await smallest(hostileTree(first, '/home'), async (files) => differs(first, files))
  const difference = await compared(first, tree)
  const text = Object.entries(tree)
    .map(([path, content]) => `--- ${path}\n${content.toString()}`)
    .join('')
  expect(difference.program, `seeds ${failing.join(' ')}; seed ${first} cut down to\n${text}`).toEqual(
    difference.reference,
  )
})

async function differs(seed: number, files?: Files): Promise<boolean> {
  const { program, reference } = await compared(seed, files)
  return JSON.stringify(program) !== JSON.stringify(reference)
}

async function compared(seed: number, files?: Files) {
  const home = mkdtempSync(join(folder, `${seed}-`))
  plant(home, files ?? hostileTree(seed, home))
  const roots = rootsOf(seed, home)
  const text = await once(roots)
  const found = shown(text)
  const expected = reference(roots, { nowMs: Date.now() })
  const comparison = (one: typeof found | typeof expected) => ({
    projects: comparable(one.perProjectModel),
    models: comparable(one.perModel),
    unpriced: Object.fromEntries([...one.unpricedTokens].sort()),
  })
  return { program: comparison(found), reference: comparison(expected) }
}

/** Some seeds get a backup of the tree as a second root, others the tree again through a link. */
function rootsOf(seed: number, home: string): string[] {
  if (seed % 5 === 1) {
    cpSync(join(home, 'projects'), join(home, 'backup', 'projects'), { recursive: true })
    return [home, join(home, 'backup')]
  }
  if (seed % 5 === 2) {
    symlinkSync(home, join(home, 'again'))
    return [join(home, 'again'), home]
  }
  return [home]
}
