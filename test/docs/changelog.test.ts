// The changelog matches the version in package.json, and the release workflow extracts that version's section.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { read, repository } from './repository.js'

const { version } = JSON.parse(read('package.json')) as { version: string }
const versions = [...read('CHANGELOG.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading!).slice(1)

test('the changelog starts with Unreleased, followed by the version of package.json', () => {
  expect(versions[0]).toBe('Unreleased')
  expect(versions[1]).toMatch(new RegExp(`^${version.replaceAll('.', '[.]')} – \\d{4}-\\d\\d-\\d\\d$`))
})

test('every entry of the changelog has a tag', () => {
  const lines = [...read('CHANGELOG.md').matchAll(/^- (.*)$/gm)].map(([, line]) => line!)
  expect(lines.filter((line) => !/^\[(?:CHANGE|FEATURE|ENHANCEMENT|BUGFIX)\] /.test(line))).toEqual([])
})

test('the release notes contain the section of that version alone', () => {
  const { jobs } = parse(read('.github/workflows/release.yml')) as {
    jobs: { package: { steps: { run?: string }[] } }
  }
  const step = jobs.package.steps.find(({ run }) => run?.includes('awk'))!.run!
  const [awk] = /awk .*CHANGELOG\.md/.exec(step)!
  const { stdout: said } = spawnSync('sh', ['-c', awk], {
    cwd: repository,
    encoding: 'utf8',
    env: { ...process.env, version },
  })
  expect(said).toContain('[FEATURE]')
  expect(said).not.toMatch(/^## /m)
  expect(read('CHANGELOG.md')).toContain(`## ${versions[1]!}\n${said}`)
})
