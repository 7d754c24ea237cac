// A start on a Node.js that is too old prints one line. .ci/run tries real versions; here a newer one reports an old version.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { read } from '../docs/repository.js'
import { mainFile } from '../support/program.js'

const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } }
const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(engines.node)!

/** Exit code and output of a start on a Node.js that reports this version. */
function startOn(version: string) {
  const says = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
  const args = ['--import', `data:text/javascript,${encodeURIComponent(says)}`, mainFile, '--version']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe('a start', () => {
  it.each(['12.22.12', `${Number(major) - 1}.99.0`, `${major}.${Number(minor) - 1}.9`])(
    'on %s is refused in one line',
    (version) => {
      const stderr = `agent-usage-exporter: needs Node.js ${major}.${minor} or newer, but this is ${version}\n`
      expect(startOn(version)).toEqual({ status: 2, stdout: '', stderr })
    },
  )

  it.each([`${major}.${minor}.0`, `${Number(major) + 1}.0.0`, '100.0.0'])('on %s is accepted', (version) => {
    expect(startOn(version)).toMatchObject({ status: 0, stderr: '' })
  })
})

it('the main file has no imports and no syntax that an old Node.js cannot parse', () => {
  const code = readFileSync(mainFile, 'utf8')
  expect(code).not.toMatch(/\bimport\s*[\w{*"'`]|\bawait\b|\?\?|\?\.|#(?!!)/)
})
