// Generated trees are kept, and generated again when the generator has changed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expectedOf } from './answers.js'
import { home } from './support.js'

/** A hash of the files in these folders of bench/. @param {...string} folders */
export function recipeOf(...folders) {
  const hash = createHash('sha256')
  for (const folder of folders.map((name) => join(home, 'bench', name)))
    for (const name of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, name)))
  return hash.digest('hex').slice(0, 12)
}

/**
 * The tree in `out` if its recipe is the same, else a new one.
 * @param {string} out @param {string} recipe @param {() => void} generate
 */
export function kept(out, recipe, generate) {
  try {
    if (expectedOf(out).recipe === recipe) return out
  } catch {
    // none yet
  }
  generate()
  spawnSync('sync') // otherwise the system would write it to disk during the first measurement
  return out
}
