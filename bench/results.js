// Saves results: a section in RESULTS.md for each run, newest first.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { home } from './support.js'

const file = join(home, 'bench', 'RESULTS.md')
/** New sections are inserted below this line. */
const marker = '<!-- npm run bench -- --save -->\n'

/** @param {{ title: string, output: string }[]} results @param {string} conditions */
export function saveResults(results, conditions) {
  const text = readFileSync(file, 'utf8')
  const at = text.indexOf(marker)
  if (at < 0) throw new Error(`${file} has no line ${marker}`)
  const end = at + marker.length
  writeFileSync(file, `${text.slice(0, end)}${sectionOf(results, conditions)}${text.slice(end)}`)
  console.log(`saved in ${file}`)
}

/** @param {{ title: string, output: string }[]} results @param {string} conditions */
function sectionOf(results, conditions) {
  const block = (/** @type {string} */ text) => `\`\`\`\n${text.trimEnd()}\n\`\`\`\n`
  const date = new Date().toISOString().slice(0, 10)
  const parts = results.map(({ title, output }) => `\n### ${title}\n\n${block(output)}`)
  return `\n## ${date}\n\n${block(conditions)}${parts.join('')}`
}
