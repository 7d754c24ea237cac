// The core is pure: lint rejects every use of clocks, randomness and Node there, and only there.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import { expect, test } from 'vitest'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const eslint = new ESLint({
  cwd: repository,
  ruleFilter: ({ ruleId }) => /^no-restricted-|^house\//.test(ruleId),
  // None of these rules needs types, which take seconds to load.
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
})

/** Any file of the room: ESLint lints the given text in its place. */
const someFile = (room: string): string =>
  join(
    'src',
    room,
    readdirSync(join(repository, 'src', room)).find((name) => name.endsWith('.ts'))!,
  )

/** The rules that the code breaks in that file. */
async function refusals(file: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath: join(repository, file) })
  return result!.messages.map(({ ruleId, message }) => ruleId ?? message)
}

test.each([
  ['Date.now()', 'no-restricted-properties'],
  ['new Date()', 'no-restricted-syntax'],
  ['Date()', 'no-restricted-syntax'],
  ['Math.random()', 'no-restricted-properties'],
  ['performance.now()', 'no-restricted-globals'],
  ['setTimeout(() => undefined, 1)', 'no-restricted-globals'],
  ['process.hrtime()', 'no-restricted-globals'],
  ['globalThis.crypto', 'no-restricted-globals'],
  ['crypto.randomUUID()', 'no-restricted-globals'],
  ['Buffer.alloc(1)', 'no-restricted-globals'],
  ['console.log(1)', 'no-restricted-globals'],
  ['Date.UTC(2026, 0)', undefined],
  ['new Date(0)', undefined],
  ['new TextEncoder()', undefined],
  ['Math.max(1, 2)', undefined],
])('lint judges in core: %s', async (code, rule) => {
  expect(await refusals(someFile('core'), `export const made = ${code}\n`)).toEqual(rule === undefined ? [] : [rule])
})

test('lint allows clocks outside core', async () => {
  expect(await refusals(someFile('store'), 'export const made = [Date.now(), performance.now()]\n')).toEqual([])
})

test('lint allows process.env only in the settings', async () => {
  const code = 'export const made = process.env\n'
  expect(await refusals(someFile('store'), code)).toEqual(['no-restricted-properties'])
  expect(await refusals('src/config/config.ts', code)).toEqual([])
})

test("lint allows an agent's name only in its own folder", async () => {
  const code = "export const agent = 'claude-code'\n"
  expect(await refusals(someFile('store'), code)).toEqual(['house/no-agent-words'])
  expect(await refusals(someFile('sources/claude-code'), code)).toEqual([])
})
