// Budgets in the configuration file: accepted values, and error messages with line and column.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/config.js'
import { isInBudget, type Budget } from '../../src/core/totals/budget.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()

function read(text: string): { readonly path: string; readonly budgets: () => readonly Budget[] } {
  const path = join(mkdtempSync(join(folder, 'budgets-')), 'c.yaml')
  writeFileSync(path, text)
  return { path, budgets: () => loadConfig([`--config.file=${path}`], { HOME: folder }).budgets }
}

const LABELS = { agent: 'claude-code', project: 'web-shop', model: 'claude-opus-5-5' }

test('a list of budgets is read from the file', () => {
  const { budgets } = read(`
timezone: Europe/Berlin
budgets:
  - name: everything
    period: month
    limit_usd: 200
  - { name: Opus im Netz 🕸, period: day, limit_usd: 7.5, match: { agent: "claude-*", project: [api, "web-*"], model: "*opus*" } }
  - { name: week, period: week, limit_usd: 1e3, match: { project: api } }
`)
  const [everything, opus, api] = budgets()
  expect(everything).toEqual({ name: 'everything', period: 'month', limitUsd: 200, match: {} })
  expect(opus).toMatchObject({ name: 'Opus im Netz 🕸', period: 'day', limitUsd: 7.5 })
  expect(api).toMatchObject({ period: 'week', limitUsd: 1000 })
  expect(isInBudget(everything!, LABELS)).toBe(true)
  // A label matches if one of its globs does.
  expect(isInBudget(opus!, LABELS)).toBe(true)
  expect(isInBudget(opus!, { ...LABELS, project: 'api' })).toBe(true)
  for (const other of [{ agent: 'codex' }, { project: 'shop' }, { model: 'claude-sonnet-5' }]) {
    expect(isInBudget(opus!, { ...LABELS, ...other })).toBe(false)
  }
  expect(isInBudget(api!, LABELS)).toBe(false)
})

test('names and globs are normalised like label values (NFC)', () => {
  const [cafe] = read(
    'budgets:\n  - { name: "cafe\u0301", period: day, limit_usd: 5, match: { project: "cafe\u0301*" } }\n',
  ).budgets()
  expect(cafe!.name).toBe('caf\u00e9')
  expect(isInBudget(cafe!, { ...LABELS, project: 'caf\u00e9/shop' })).toBe(true)
})

test('an empty list, an empty file and no file give no budgets', () => {
  expect(read('budgets: []').budgets()).toEqual([])
  expect(read('# nothing\n').budgets()).toEqual([])
  expect(loadConfig([], { HOME: folder }).budgets).toEqual([])
})

const ONE = 'budgets:\n  - name: a\n    period: day\n    limit_usd: 5\n'

test.each([
  ['budgets: 5', 'budgets: expected a list, not "5" at line 1, column 10'],
  ['budgets:', 'budgets: expected a list, not nothing at line 1, column 9'],
  ['budgets: { name: a }', 'budgets: expected a list, not a map at line 1, column 10'],
  ['budgets: [a]', 'budgets[0]: expected a map of name, period, limit_usd, match, not "a" at line 1, column 11'],
  ['budgets:\n  -\n', 'budgets[0]: expected a map of name, period, limit_usd, match, not nothing at line 2, column 4'],
  ['budgets:\n  - period: day\n    limit_usd: 5', 'budgets[0]: needs name at line 2, column 5'],
  ['budgets:\n  - name: a\n    limit_usd: 5', 'budgets[0]: needs period at line 2, column 5'],
  ['budgets:\n  - name: a\n    period: day', 'budgets[0]: needs limit_usd at line 2, column 5'],
  [ONE.replace('limit_usd', 'limit'), 'budgets[0].limit: no such key at line 4, column 12'],
  [
    ONE.replace('limit_usd', 'limit-usd'),
    'budgets[0].limit-usd: no such key; did you mean limit_usd? at line 4, column 16',
  ],
  [ONE.replace(' a\n', ' [a]\n'), 'budgets[0].name: takes one value, not a list at line 2, column 11'],
  [
    ONE.replace(' a\n', ' ""\n'),
    'budgets[0].name: "": expected 1 to 200 characters without leading or trailing spaces at line 2, column 11',
  ],
  [
    ONE.replace(' a\n', ' "a\\0"\n'),
    'budgets[0].name: "a\\u0000": expected 1 to 200 characters without leading or trailing spaces at line 2, column 11',
  ],
  [ONE.replace('day', 'year'), 'budgets[0].period: "year": expected one of day, week, month at line 3, column 13'],
  ...['0', '-5', '"5 USD"', 'Infinity', '.inf', 'NaN', '1e999', '0x5', '1_000', '""'].map((limit) => [
    ONE.replace('5\n', `${limit}\n`),
    `budgets[0].limit_usd: ${JSON.stringify(limit.replaceAll('"', ''))}: expected a number above 0 at line 4, column 16`,
  ]),
  [
    `${ONE}  - { name: b, period: day, limit_usd: 1 }\n  - name: a\n    period: week\n    limit_usd: 5\n`,
    'budgets[2].name: "a": budgets[0] already has that name at line 6, column 11',
  ],
  [
    `${ONE}    match: {}`,
    'budgets[0].match: needs at least one of agent, project, model; without match, everything counts at line 5, column 12',
  ],
  [`${ONE}    match: "*"`, 'budgets[0].match: expected a map of agent, project, model, not "*" at line 5, column 12'],
  [`${ONE}    match: { models: x }`, 'budgets[0].match.models: no such key; did you mean model? at line 5, column 22'],
  [`${ONE}    match: { project: [] }`, 'budgets[0].match.project: needs at least one glob at line 5, column 23'],
  [
    `${ONE}    match: { project: { a: b } }`,
    'budgets[0].match.project: expected a list, not a map at line 5, column 23',
  ],
  [
    `${ONE}    match: { project: [ok, [x]] }`,
    'budgets[0].match.project[1]: takes text, not a list at line 5, column 28',
  ],
  [
    `${ONE}    match: { project: [ok, "a{b"] }`,
    'budgets[0].match.project[1]: "a{b": only * and ? are wildcards; write \\{ for a literal { at line 5, column 28',
  ],
  [
    `${ONE}    match: { project: "" }`,
    'budgets[0].match.project: "": a glob cannot be empty; * matches everything at line 5, column 23',
  ],
  [`${ONE}    match: { project: *-api }`, '*-api: a value that begins with * needs quotes at line 5, column 23'],
  [
    `${ONE}    match:\n      project: *\n`,
    'Alias cannot be an empty string at line 6, column 16; a value that begins with * needs quotes',
  ],
  [`${ONE}    name: b`, 'Map keys must be unique at line 5, column 5'],
  ['budget: []', 'budget: no such setting; did you mean budgets?'],
])('%j is rejected', (text, message) => {
  const { path, budgets } = read(text)
  expect(budgets).toThrow(expect.objectContaining({ name: 'ConfigError', message: `${path}: ${message}` }))
})
