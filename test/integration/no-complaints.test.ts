// Whatever Node it runs on, the program asks V8 only for what that knows, and a run that goes well says nothing but metrics.
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { mainFile } from '../support/program.js'
import { homes, transcript } from './running.js'

const home = homes()

it('writes nothing to stderr when all goes well', () => {
  const { configDir } = home({ 'a/A.jsonl': transcript('/w/app', '1') })
  const flags = ['once', `--claude.config-dir=${configDir}`, '--state.dir=none', '--log.level=error']
  const { status, stdout, stderr } = spawnSync(process.execPath, [mainFile, ...flags], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('agent_usage_requests_total')
})
