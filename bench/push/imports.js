// Time that Node.js needs to load the code for pushes, bundled as in the program, measured in a new process each time.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'rolldown'
import { home } from '../support.js'

/** @param {string} folder for the bundle @param {number} runs @returns {Promise<{ loaded: number[], empty: number[] }>} times in ms */
export async function importTimes(folder, runs) {
  const [bundle, nothing] = [join(folder, 'push.mjs'), join(folder, 'nothing.mjs')]
  await build({
    ...{ input: join(home, 'src', 'app', 'pushing.ts'), platform: 'node', logLevel: 'warn' },
    resolve: { mainFields: ['module', 'main'] },
    output: { file: bundle, minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } } },
  })
  writeFileSync(nothing, '')
  /** @type {{ loaded: number[], empty: number[] }} */
  const times = { loaded: [], empty: [] }
  for (let run = 0; run < runs; run += 1) {
    times.loaded.push(importTime(bundle))
    times.empty.push(importTime(nothing))
  }
  return times
}

/** @param {string} file */
function importTime(file) {
  const script = `const from = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - from)`
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }))
}
