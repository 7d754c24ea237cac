// Every rule on imports can fail: a small tree that breaks each rule once gives exactly those violations.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ICruiseResult } from 'dependency-cruiser'
import { expect, test } from 'vitest'
import configuration from '../../.dependency-cruiser.js'
import { LEAVES, MAIN, ROOMS, ROOT } from '../../lint/rooms.js'
import { temporaryFolder } from '../support/tree.js'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const rooms = Object.keys(ROOMS)

/** Plants files, each importing others of src/ (or packages), and returns the violations: `rule: from → to`. */
function violations(files: Readonly<Record<string, readonly string[]>>): string[] {
  const folder = temporaryFolder()
  copyFileSync(join(repository, 'tsconfig.json'), join(folder, 'tsconfig.json'))
  mkdirSync(join(folder, 'node_modules/some-package'), { recursive: true })
  writeFileSync(join(folder, 'node_modules/some-package/index.js'), 'export {}\n')
  const planted = new Set([...Object.keys(files), ...Object.values(files).flat().filter(isOurs)])
  for (const file of planted) {
    const path = join(folder, 'src', file)
    mkdirSync(dirname(path), { recursive: true })
    const up = '../'.repeat(file.split('/').length - 1) || './'
    const imports = (files[file] ?? []).map((to, i) => {
      const from = isOurs(to) ? `${up}${to.replace(/\.ts$/, '.js')}` : to
      return `import ${i % 2 === 0 ? 'type ' : ''}* as to${i} from '${from}'\nexport { to${i} }\n`
    })
    writeFileSync(path, imports.join('') || 'export {}\n')
  }
  const config = join(repository, '.dependency-cruiser.js')
  const command = join(repository, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  // As `npm run lint` does, but as JSON.
  const output = execFileSync(process.execPath, [command, '--config', config, '--output-type', 'json', 'src'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const { summary } = JSON.parse(output) as ICruiseResult
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort()
}

const isOurs = (file: string): boolean => file.endsWith('.ts')

test('each rule reports the import that breaks it', () => {
  const found = violations({
    // Only the root may import `app`.
    ...Object.fromEntries(
      rooms.filter((room) => room !== 'core').map((room) => [`${room}/file.ts`, [`${room}/other.ts`, 'app/target.ts']]),
    ),
    'core/file.ts': ['some-package', 'process/target.ts', 'node:fs', 'core/ledger/other.ts'],
    'process/log.ts': ['process/clock.ts', 'process/target.ts'],
    'main.ts': ['app/file.ts', 'core/file.ts'],
    'app/file.ts': [...rooms.map((room) => `${room}/other.ts`), 'app/other.ts'],
    'app/backwards.ts': ['main.ts'],
    'sources/source.ts': ['sources/one/reader.ts'],
    'sources/index.ts': ['sources/one/reader.ts', 'sources/two/reader.ts'],
    'sources/two/reader.ts': ['sources/one/reader.ts', 'sources/two/other.ts', 'sources/source.ts'],
    'attic/file.ts': ['attic/other.ts'],
    'http/one.ts': ['http/two.ts'],
    'http/two.ts': ['http/one.ts'],
    'http/three.ts': ['no-such-package'],
  })
  const expected = [
    ...rooms
      .filter((room) => room !== 'core')
      .map((room) => `${room}-imports: src/${room}/file.ts → src/app/target.ts`),
    'core-imports: src/core/file.ts → fs',
    'core-imports: src/core/file.ts → node_modules/some-package/index.js',
    'core-imports: src/core/file.ts → src/process/target.ts',
    'leaf-imports: src/process/log.ts → src/process/target.ts',
    'main-imports: src/main.ts → src/core/file.ts',
    'main-is-imported: src/app/backwards.ts → src/main.ts',
    'agent-is-imported: src/sources/source.ts → src/sources/one/reader.ts',
    'agent-imports-agent: src/sources/two/reader.ts → src/sources/one/reader.ts',
    'unknown-room: src/attic/file.ts → src/attic/other.ts',
    'circle: src/http/one.ts → src/http/two.ts',
    'outside: src/http/three.ts → no-such-package',
  ]
  expect(found).toEqual(expected.sort())
  const seen = new Set(found.map((violation) => violation.split(':')[0]))
  expect([...seen].sort()).toEqual(configuration.forbidden?.map(({ name }) => name).sort())
})

test('imports that the table allows give no violation', () => {
  const inner = rooms.map((room) => {
    const leaves = room === 'core' ? [] : LEAVES.map((leaf) => `${leaf}.ts`)
    return [`${room}/deep/file.ts`, [...ROOMS[room]!.map((other) => `${other}/other.ts`), ...leaves]]
  })
  const files = {
    'main.ts': MAIN.map((room) => `${room}/other.ts`),
    [`${ROOT}/file.ts`]: rooms.map((r) => `${r}/other.ts`),
  }
  expect(violations({ ...files, ...(Object.fromEntries(inner) as object) })).toEqual([])
})
