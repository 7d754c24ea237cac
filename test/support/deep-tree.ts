// A folder whose whole path is longer than any system takes at once, so that it can only be walked step by step.
import { execFileSync } from 'node:child_process'
import { onTestFinished } from 'vitest'

const MAKE = `
  const { mkdirSync } = require('node:fs')
  for (let level = 0; level < 30; level += 1) {
    mkdirSync('d'.repeat(200))
    process.chdir('d'.repeat(200))
  }`

/** Plants it in a folder; gone when the test is done. */
export function plantDeepTree(folder: string): void {
  execFileSync(process.execPath, ['-e', MAKE], { cwd: folder })
  // Node would remove it by its whole path.
  onTestFinished(() => void execFileSync('rm', ['-rf', folder]))
}
