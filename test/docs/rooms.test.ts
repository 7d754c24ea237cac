// src/README.md is correct: the files that it names exist, and its lists contain the files that a change touches.
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { wordsIn } from '../../lint/agent-words.js'
import { LEAVES, MAIN, ROOMS, ROOT } from '../../lint/rooms.js'
import { agentsByKey, allSettings } from '../../src/config/all-settings.js'
import { EXPORTER, PUSH, USAGE } from '../../src/metrics/catalogue.js'
import { loadBuiltInPrices } from '../../src/prices/price-file.js'
import { SOURCES } from '../../src/sources/index.js'
import { below, files, isText, read, repository, section } from './repository.js'

const page = read('src/README.md')
const ours = below('src').filter((file) => file.endsWith('.ts'))

/** The path from the top of the repository; the page omits `src/`. */
const resolve = (path: string): string | undefined =>
  [path, `src/${path}`].find((candidate) => existsSync(repository + candidate))

/** Quoted paths in a text: with a `/` or a known ending. `<agent>` and `<output>` are placeholders. */
function pathsIn(text: string): string[] {
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map(([, path]) => path!)
  const paths = quoted.filter(
    (path) => /^[\w@./<>-]+$/.test(path) && /\/|\.(?:ts|js|md|json|yaml)$|^Dockerfile$/.test(path),
  )
  return paths.filter((path) => !path.startsWith('@') && path !== '/')
}

/** The files and folders of a list, as paths from the top. */
function listed(heading: string): string[] {
  const items = [...section(page, heading).matchAll(/^- (.*(?:\n {2}.*)*)/gm)].flatMap(([, item]) =>
    pathsIn(item!.split(/[:;]/)[0]!),
  )
  return items.flatMap((path) => {
    if (path.includes('<agent>')) return SOURCES.map(({ agent }) => `src/${path.replace('<agent>', agent)}`)
    if (path.includes('<output>')) return below('src/outputs')
    return [resolve(path) ?? path]
  })
}

const isListed = (file: string, list: readonly string[]): boolean =>
  list.some((path) => file === path || (path.endsWith('/') && file.startsWith(path)))

/** The files of src/ whose text matches. */
const holding = (pattern: RegExp): string[] => ours.filter((file) => pattern.test(read(file)))

test('every file and folder in src/README.md exists', () => {
  const diagram = [...page.matchAll(/[a-z]+\/[\w./-]*\.ts\b/g)].map(([path]) => path)
  const named = [...new Set([...pathsIn(page), ...diagram])]
  const missing = named.filter((path) => !path.includes('<') && resolve(path) === undefined)
  expect(missing).toEqual([])
  expect(named.length).toBeGreaterThan(50)
})

test('the table of src/README.md lists every room with the imports that lint allows', () => {
  const cells = [...section(page, 'Who knows what').matchAll(/^\| `([\w.]+)\/?` \|[^|]*\|[^|]*\|([^|]*)\|$/gm)]
  const table = Object.fromEntries(
    cells.map(([, room, may]) => [room!, [...may!.matchAll(/`(\w+)`/g)].map(([, other]) => other!)]),
  )
  const rooms = new Set(below('src').map((file) => file.split('/')[1]!))
  rooms.delete('README.md')
  expect(Object.keys(table).sort()).toEqual([...rooms].sort())
  const asserted = { ...ROOMS, 'main.ts': MAIN, [ROOT]: [] }
  for (const [room, may] of Object.entries(asserted)) expect(table[room], room).toEqual([...may].sort())
})

test('src/README.md names the leaves', () => {
  const intro = section(page, 'Who knows what').split('\n\n')[0]!
  expect(
    pathsIn(intro)
      .filter((path) => path.endsWith('.ts'))
      .sort(),
  ).toEqual([...LEAVES].sort().map((leaf) => `${leaf}.ts`))
})

test('the top of src/ contains only main.ts and README.md', () => {
  expect(files.filter((file) => /^src\/[^/]+$/.test(file))).toEqual(['src/README.md', 'src/main.ts'])
})

/** The prices of an agent's models name the models, not the agent. */
const PRICES = ['src/prices/prices.json']

const withoutComments = (code: string): string => code.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')

/** Files of a list below a folder. */
const within = (list: readonly string[], folder: string): string[] =>
  list.filter((path) => path.startsWith(folder)).sort()

test('"To add an agent" lists every file that names an agent', () => {
  const list = listed('To add an agent')
  const known = SOURCES.map(({ agent }) => {
    const named = files.filter(
      (file) => isText(file) && wordsIn(file, read(file)).some((found) => found.agent === agent),
    )
    // Benches and the test of the image write logs of one agent; documents and tests of rules name one as an example.
    const examples = /^(?:bench\/|grafana\/rules\/tests\/|\.ci\/image$)|\.md$/
    expect(named.filter((file) => !examples.test(file) && !isListed(file, list))).toEqual([])
    return [...named, `src/sources/${agent}/`]
  }).flat()
  expect(list.filter((path) => ![...known, ...PRICES].some((file) => isListed(file, [path])))).toEqual([])
})

test('"To add an output" lists every file that imports an output', () => {
  const list = listed('To add an output')
  const knowing = holding(/^import (?!type\b)[^\n]*'[./]*\/outputs\/|import\('[./]*\/outputs\//m)
  expect(knowing).toEqual(within(list, 'src/app/'))
  expect(within(list, 'src/outputs/')).toContain('src/outputs/prometheus.ts')
})

test('"To add a metric" lists the catalogue, which alone has the names, and the files that read metrics', () => {
  const list = listed('To add a metric')
  const all = [...Object.values(USAGE), ...Object.values(EXPORTER), ...Object.values(PUSH)].map(({ name }) => name)
  expect(holding(new RegExp(`'(?:${all.join('|')})'`))).toEqual(['src/metrics/catalogue.ts'])
  const readers = holding(/\b(?:USAGE|EXPORTER|PUSH)\.\w/)
  expect([...readers, 'src/metrics/catalogue.ts'].sort()).toEqual(within(list, 'src/'))
  const board = below('grafana/dashboards').map(read).join('\n')
  const shownNowhere = Object.values(USAGE).filter(({ name }) => !board.includes(name))
  expect(shownNowhere).toEqual([])
  for (const name of all) expect(read('README.md')).toContain(name)
})

test('"To change a price" lists the file of prices and tests of every model', () => {
  const list = listed('To change a price')
  expect(holding(/prices\.json'/).every((file) => file.startsWith('src/prices/'))).toBe(true)
  const tests = list
    .filter((path) => path.startsWith('test/'))
    .flatMap(below)
    .map(read)
    .join('\n')
  const models = Object.keys(loadBuiltInPrices().models ?? {})
  expect(models.filter((model) => !tests.includes(model))).toEqual([])
  expect(models.length).toBeGreaterThan(10)
})

test('"To fix the walker" lists every file that knows the walker', () => {
  const list = listed('To fix the walker')
  const knowing = ours.filter((file) => /walker/i.test(withoutComments(read(file))))
  expect(knowing.filter((file) => !isListed(file, list))).toEqual([])
  const layout = read('src/sources/claude-code/walker-layout.ts')
  const related = (file: string): boolean =>
    /walker/i.test(read(file)) || layout.includes(file.replace('src/sources/claude-code/', './').replace('.ts', '.js'))
  expect(
    within(list, 'src/sources/')
      .flatMap(below)
      .filter((file) => !file.includes('/walker/') && !related(file)),
  ).toEqual([])
})

test('"To add a setting" lists every table of settings', () => {
  const list = listed('To add a setting')
  const named = [...allSettings].filter(([key]) => !agentsByKey.has(key)).map(([, { name }]) => name)
  const rows = new RegExp(`^ {4}name: '(?:${named.join('|').replaceAll('.', '\\.')})'`, 'm')
  expect(holding(rows)).toEqual(within(list, 'src/'))
  const readme = read('README.md')
  for (const name of named) expect(readme).toContain(`--${name}`)
})
