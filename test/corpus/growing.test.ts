// Real logs give the same counts however they grow: each is cut at random places, and every part is read by a new reader
// from the state that the one before saved.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copilotCli } from '../../src/sources/copilot-cli/copilot-cli.js'
import { kimiCode } from '../../src/sources/kimi-code/kimi-code.js'
import { filesBelow } from '../reference/files.js'
import { readInPieces } from '../sources/contract.js'
import { countedOf } from '../sources/reading.js'
import { seeded } from '../support/random.js'
import { corpus } from './agreeing.js'

/** Random sets of cuts for each file. */
const SEQUENCES = 10

const LOGS = [
  { source: kimiCode, directory: 'kimi/sessions' },
  { source: copilotCli, directory: 'copilot' },
]

for (const { source, directory } of LOGS) {
  const files = readdirSync(corpus)
    .map((each) => join(corpus, each, directory))
    .filter((path) => existsSync(path))
    .flatMap(filesBelow)
    .flatMap(({ path, parts }) => {
      const place = source.locate(parts)
      return place === undefined ? [] : [{ ...place, path, wantsCwd: true }]
    })

  describe(`${source.agent} counts the same in pieces as in one`, () => {
    it.each(files.map((file) => [relative(corpus, file.path), file] as const))('%s', (_, file) => {
      const bytes = readFileSync(file.path)
      const whole = countedOf(...readInPieces(source, file, bytes, []))
      const random = seeded(bytes.length)
      for (let sequence = 0; sequence < SEQUENCES; sequence += 1) {
        const cuts = Array.from({ length: 1 + random.int(5) }, () => random.int(bytes.length + 1))
        expect(countedOf(...readInPieces(source, file, bytes, cuts)), `cut at ${cuts.join(', ')}`).toEqual(whole)
      }
    })
  })
}
