// The package contains what package.json says, and the licences of all bundled code.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { NOTICES } from '../../build.js'
import { SOURCES } from '../../src/sources/index.js'
import { below, read, repository } from '../docs/repository.js'
import { bundledFolders, importedPackages } from './bundled.js'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly keywords: readonly string[]
  readonly bin: Readonly<Record<string, string>>
  readonly imports: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>
}
const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
const manifest = manifestOf(repository)

describe('the third-party notices', () => {
  /** Texts by `name version (licence)`. */
  const texts = new Map<string, string>()
  beforeAll(() => {
    const line = `\n${'-'.repeat(80)}\n`
    const [, ...parts] = read(NOTICES).split(line)
    for (let part = 0; part < parts.length; part += 2)
      for (const name of parts[part]!.split('\n')) texts.set(name, parts[part + 1]!)
  })

  it('contain the full licence of every bundled package', () => {
    expect(bundledFolders.size).toBeGreaterThan(20)
    for (const folder of bundledFolders) {
      const { name, version, license } = manifestOf(folder)
      const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice)/i.test(file))
      expect(files, name).not.toEqual([])
      for (const file of files)
        expect(texts.get(`${name} ${version} (${license})`), name).toContain(
          readFileSync(join(folder, file), 'utf8').trim(),
        )
    }
  })

  it('contain the licences of the compilers, which add code of their own', () => {
    const compilers = ['assemblyscript', 'rolldown'].map((name) => manifestOf(join(repository, 'node_modules', name)))
    for (const { name, version, license } of compilers)
      expect([...texts.keys()]).toContain(`${name} ${version} (${license})`)
  })
})

describe('package.json', () => {
  it('lists exactly the imported packages as dependencies, each pinned', () => {
    const { dependencies, peerDependencies } = manifest
    expect([...importedPackages].sort()).toEqual(Object.keys({ ...dependencies, ...peerDependencies }).sort())
    for (const [name, version] of Object.entries(manifest.dependencies)) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/)
      expect(version, name).toBe(manifestOf(join(repository, 'node_modules', name)).version)
    }
  })

  it('has simdjson as an optional peer, in the version that CI tests', () => {
    const [, tried] = /simdjson@([\d.]+)/.exec(read('.ci/run'))!
    expect(manifest.peerDependencies).toEqual({ simdjson: `^${tried!}` })
    expect(manifest.peerDependenciesMeta).toEqual({ simdjson: { optional: true } })
  })

  it('has the name of every agent as a keyword', () => {
    for (const { agent } of SOURCES) expect(manifest.keywords).toContain(agent)
  })
})

describe('the tarball', () => {
  const packed: string[] = []
  beforeAll(() => {
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
    const { stdout } = spawnSync('npm', args, {
      cwd: repository,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    const [tarball] = JSON.parse(stdout) as [{ files: readonly { path: string }[] }]
    packed.push(...tarball.files.map(({ path }) => path))
  })

  it('contains every file that package.json refers to', () => {
    const { bin, imports, exports } = manifest
    const targets = [bin, imports, exports].flatMap((map) => Object.values(map)).map((path) => path.replace('./', ''))
    for (const path of [...targets, NOTICES, 'LICENSE', 'README.md', 'CHANGELOG.md']) expect(packed).toContain(path)
  })

  it('contains the complete program', () => {
    const program = readdirSync(join(repository, 'dist'))
    expect(packed.filter((path) => path.startsWith('dist/')).sort()).toEqual(
      program.map((file) => `dist/${file}`).sort(),
    )
  })

  it('contains boards, rules, units and examples, without their sources, their tests and the compose file', () => {
    const wanted = below('grafana').filter((path) => !/\.ts$|\/tests\/|\/compose\.yaml$/.test(path))
    expect(packed.filter((path) => path.startsWith('grafana/')).sort()).toEqual([...wanted].sort())
    expect(wanted).toContain('grafana/dashboards/spend.json')
  })

  it('contains nothing else', () => {
    const others = packed.filter((path) => !/^(?:dist|grafana)\//.test(path))
    expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'])
    expect(existsSync(join(repository, NOTICES))).toBe(true)
  })
})
