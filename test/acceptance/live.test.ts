// Acceptance cases 5 and 36-39 (claude-code-logs 8): files that change between passes. The program is restarted before
// each pass and keeps its state.
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { line, lines } from '../support/line.js'
import { once } from '../support/program.js'
import { comparable, shown } from '../support/shown.js'
import { plant, temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const A = lines(line('msg_1/r1 o48 10/160/0/0/1000'))
const B = lines(line('msg_2/r2 o48 10/160/0/0/1000'))
const C = lines(line('msg_3/r3 o48 10/160/0/0/1000'))
const LONG_C = lines(
  line('msg_3/r3 o48 10/160/0/0/1000', { message: { content: [{ type: 'text', text: 'x'.repeat(5000) }] } }),
)
const ONE = '1; 10/160/0/0/1000; 0.00455'
const TWO = '2; 20/320/0/0/2000; 0.0091'
const THREE = '3; 30/480/0/0/3000; 0.01365'

describe.concurrent('files that change', () => {
  it('case 05: a response that grows between polls stays one request', async () => {
    const { file, shows } = watched(lines(line('msg_1/r1 o48 10/1/0/0/1000')))
    await shows('1; 10/1/0/0/1000; 0.000575')
    appendFileSync(file, lines(line('msg_1/r1 o48 10/1/0/0/1000')) + A)
    await shows(ONE)
  })

  it('case 36: a torn last line counts as soon as it is complete, and only once', async () => {
    for (const cut of [1, 40, A.length - 2]) {
      const { file, shows } = watched(A.slice(0, cut))
      await shows(undefined)
      appendFileSync(file, A.slice(cut))
      await shows(ONE)
      await shows(ONE)
    }
  })

  it('case 36: a torn last line after a counted line counts as soon as it is complete', async () => {
    const { file, shows } = watched(A + B.slice(0, 200))
    await shows(ONE)
    appendFileSync(file, B.slice(200))
    await shows(TWO)
  })

  it('case 37: a complete last line counts without its newline', async () => {
    const { file, shows } = watched(A.trimEnd())
    await shows(ONE)
    appendFileSync(file, `\n${B}`)
    await shows(TWO)
  })

  it.each([
    ['smaller', A + C.replace('"content"', '"c"')],
    ['of the same size', A + C],
    ['larger', A + LONG_C],
  ])('case 38: a file replaced in place by a %s one adds only its new lines', async (size, replacement) => {
    const { file, shows } = watched(A + B)
    await shows(TWO)
    const before = statSync(file).size
    writeFileSync(file, replacement)
    expect(Math.sign(statSync(file).size - before)).toBe({ smaller: -1, larger: 1 }[size] ?? 0)
    await shows(THREE)
  })

  it('case 39: a file deleted and restored changes nothing', async () => {
    const { file, shows } = watched(A + B)
    await shows(TWO)
    rmSync(file)
    await shows(TWO)
    writeFileSync(file, A + B)
    await shows(TWO)
  })
})

/** One transcript whose state is kept; `shows` starts the program anew and checks its counts. */
function watched(content: string) {
  const home = mkdtempSync(join(folder, 'case-'))
  const configDir = plant(join(home, 'config'), { '-w-app/A.jsonl': content })
  const stateDir = join(home, 'state')
  return {
    file: join(configDir, 'projects', '-w-app', 'A.jsonl'),
    shows: async (expected: string | undefined) => {
      await once([configDir], { stateDir })
      // A series that is new since the last run is shown at 0 first.
      const found = shown(await once([configDir], { stateDir }))
      expect(comparable(found.perModel)).toEqual(
        expected === undefined ? {} : { 'claude-opus-4-8': `${expected}; 0 searches` },
      )
    },
  }
}
