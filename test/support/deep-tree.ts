// A folder whose path is longer than any system accepts, so that it can only be entered step by step.
import { execFileSync } from 'node:child_process'
import { onTestFinished } from 'vitest'

const MAKE = `
  const { mkdirSync } = require('node:fs')
  for (let level = 0; level < 30; level += 1) {
    mkdirSync('d'.repeat(200))
    process.chdir('d'.repeat(200))
  }`

/** Creates it in a folder for the duration of the test. */
export function plantDeepTree(folder: string): void {
  execFileSync(process.execPath, ['-e', MAKE], { cwd: folder })
  // `rm` works step by step, while Node.js would use the whole path.
  onTestFinished(() => void execFileSync('rm', ['-rf', folder]))
}
