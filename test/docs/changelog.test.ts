// The changelog has the version that package.json names, and what the release takes out of it.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { read, repository } from './repository.js'

const { version } = JSON.parse(read('package.json')) as { version: string }
const versions = [...read('CHANGELOG.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading!).slice(1)

test('begins with what is not released, and then the version that is', () => {
  expect(versions[0]).toBe('Unreleased')
  expect(versions[1]).toMatch(new RegExp(`^${version.replaceAll('.', '[.]')} – \\d{4}-\\d\\d-\\d\\d$`))
})

test('every line has a tag', () => {
  const lines = [...read('CHANGELOG.md').matchAll(/^- (.*)$/gm)].map(([, line]) => line!)
  expect(lines.filter((line) => !/^\[(?:CHANGE|FEATURE|ENHANCEMENT|BUGFIX)\] /.test(line))).toEqual([])
})

test('what the release says is that version alone', () => {
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
