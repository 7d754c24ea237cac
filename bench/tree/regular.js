// Trees in which one number can vary while the others stay the same: every file has the same number of responses, every response the
// same number of bytes, and projects and models take turns.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBook } from './book.js'
import * as lines from './lines.js'
import { createPlace } from './places.js'
import { createRandom } from './random.js'
import { allModels, createSession } from './session.js'
import { openSheet } from './sheet.js'
import { respond } from './transcript.js'

/** Cycles through the items. @template T @param {readonly T[]} items @param {number} at */
const turn = (items, at) => /** @type {T} */ (items[at % items.length])

/** Bytes of a tool result besides its text. */
const resultBytes = 700

/**
 * @param {{ out: string, files: number, responses: number, bytes: number, projects: number }} options
 *   `responses`, `bytes`: of the whole tree, with at least 1,000 bytes per response
 * @returns {import('../answers.js').Expected} also in `expected.json`
 */
export function writeRegularTree({ out, files, responses, bytes, projects }) {
  const random = createRandom(5)
  const book = createBook()
  const places = Array.from({ length: projects }, (_, i) => createPlace(i, random))
  const perFile = Math.round(responses / files)
  const perResponse = bytes / files / perFile
  rmSync(out, { recursive: true, force: true })

  let written = 0
  for (let i = 0; i < files; i += 1) {
    const { main: place } = turn(places, i)
    const model = turn(allModels, Math.floor(i / projects))
    const anyone = createSession(place, random, { disputed: false })
    /** @type {import('./session.js').Session} */
    const session = { ...anyone, models: [model], usageShape: 'geo', output: 'final' }
    const folder = join(out, 'projects', place.slug)
    mkdirSync(folder, { recursive: true })
    const sheet = openSheet(join(folder, `${session.id}.jsonl`), random)
    for (let count = 1; count <= perFile; count += 1) writeResponse(sheet, session, count * perResponse)
    written += sheet.close()
  }
  const expected = { profile: 'regular', seed: 5, recipe: '', files, bytes: written, ...book.close() }
  writeFileSync(join(out, 'expected.json'), JSON.stringify(expected))
  return expected

  /**
   * A response, and a tool result that fills the file up to `until`.
   * @param {import('./sheet.js').Sheet} sheet @param {import('./session.js').Session} session @param {number} until
   */
  function writeResponse(sheet, session, until) {
    const response = respond(session, random)
    const toolUseId = `toolu_01${random.token(22)}`
    const block = { toolUseId, size: 100, foreign: false, output: response.tokens.output, stop: 'tool_use' }
    const assistantUuid = lines.assistantLine(sheet, session, random, response, block)
    book.book(session, response)
    const size = Math.round(until - sheet.written() - resultBytes)
    if (size > 0) lines.toolResultLine(sheet, session, random, { toolUseId, assistantUuid, size, foreign: false })
  }
}
