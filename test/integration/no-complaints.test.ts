// On every Node.js version, the program sets only flags that its V8 knows, and a successful run prints nothing but metrics.
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { mainFile } from '../support/program.js'
import { homes, transcript } from './running.js'

const home = homes()

it('writes nothing to stderr if nothing is wrong', () => {
  const { configDir } = home({ 'a/A.jsonl': transcript('/w/app', '1') })
  const flags = ['once', `--claude.config-dir=${configDir}`, '--state.dir=none', '--log.level=error']
  const { status, stdout, stderr } = spawnSync(process.execPath, [mainFile, ...flags], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('agent_usage_requests_total')
})
