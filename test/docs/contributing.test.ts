// CONTRIBUTING.md is complete and names only what exists: commands, files, and the variables of the tests.
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { below, read, repository, section } from './repository.js'

const page = read('CONTRIBUTING.md')
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

const rows = (heading: string): string[] =>
  [...section(page, heading).matchAll(/^\| `([^`]+)` \|/gm)].map(([, first]) => first!)

test('the table of commands lists the scripts of package.json', () => {
  const named = rows('Commands').flatMap((command) => /^npm (?:run )?(\w+)$/.exec(command)?.[1] ?? [])
  const steps = Object.keys(scripts).filter((name) => !/^(?:pre|build:)/.test(name))
  expect(named.sort()).toEqual(['ci', ...steps].sort())
})

test('the table of variables lists those that tests and CI read', () => {
  const text = [...below('test'), '.ci/run', 'vitest.config.ts']
    .filter((path) => /\.ts$|run$/.test(path) && path !== 'test/docs/contributing.test.ts')
    .map(read)
    .join('\n')
  const used = new Set(text.match(/\bAUE_[A-Z0-9_]+/g))
  expect(rows('Variables of the tests')).toEqual([...used].sort())
})

test('the table of variables gives the defaults in the tests', () => {
  for (const [, name, shown] of page.matchAll(/^\| `(AUE_\w+)` \| (\d+) \|/gm)) {
    const defaults = below('test').flatMap((path) => [
      ...read(path).matchAll(new RegExp(`process\\.env(?:\\.|\\[')${name!}(?:'\\])? \\?\\? ([\\d_]+)`, 'g')),
    ])
    expect(
      defaults.map(([, value]) => value!.replaceAll('_', '')),
      name,
    ).toEqual([shown])
  }
})

test('the files and folders in CONTRIBUTING.md exist', () => {
  const linked = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path!)
  const quoted = [...page.matchAll(/`((?:test|bench|src|\.ci)\/[^` ]*)`/g)].map(([, path]) => path!)
  for (const path of [...linked, ...quoted]) expect(existsSync(repository + path), path).toBe(true)
})

test('every folder of test/ is named after a room of src/ or described in CONTRIBUTING.md', () => {
  const folders = [...new Set(below('test').flatMap((path) => /^test\/([^/]+)\//.exec(path)?.[1] ?? []))]
  const rooms = new Set(below('src').flatMap((path) => /^src\/([^/]+)\//.exec(path)?.[1] ?? []))
  const told = new Set([...section(page, 'Tests').matchAll(/`test\/(\w+)\/`/g)].map(([, folder]) => folder!))
  expect(folders.filter((folder) => !rooms.has(folder)).sort()).toEqual([...told].sort())
})

test('every promise of SECURITY.md names existing tests', () => {
  const promises = [...read('.github/SECURITY.md').matchAll(/^\| (?!promise|---).*\| (.*) \|$/gm)]
  expect(promises.length).toBeGreaterThan(5)
  for (const [row, tests] of promises) {
    const paths = [...tests!.matchAll(/`([^`]+)`/g)].map(([, path]) => path!)
    expect(paths, row).not.toEqual([])
    for (const path of paths) expect(existsSync(repository + path), path).toBe(true)
  }
})

test('the workflow runs the oldest supported version of Node, and .ci/run the others', () => {
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } }
  const [, oldest] = /^>=(\d+)/.exec(engines.node)!
  const workflow = read('.github/workflows/ci.yml')
  expect(/node-version: (\d+)/.exec(workflow)?.[1]).toBe(oldest)
  expect(workflow).toMatch(/- run: .*\.ci\/run$/m)
  const others = [...read('.ci/run').matchAll(/^ +check 'Node (\d+)'/gm)].map(([, version]) => version)
  const told = /^Node\.js (.*) are supported\.$/m.exec(page)![1]!.match(/\d+(?:\.\d+)?/g)
  expect(told).toEqual([engines.node.slice(2), ...others])
})
