// Rarely loaded parts of the bundle are included and work: the pretty log, polling, and the YAML files.
import { spawnSync } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { homes, transcript } from '../integration/running.js'
import { samples, sumOf } from '../support/exposition.js'
import { mainFile, once, serve } from '../support/program.js'

const home = homes()
const one = { 'a/A.jsonl': transcript('/w/app', '1') }

it('the built program writes the pretty log format', () => {
  const { configDir } = home(one)
  const flags = ['once', `--claude.config-dir=${configDir}`, '--state.dir=none', '--log.format=pretty']
  const { status, stderr } = spawnSync(process.execPath, [mainFile, ...flags], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(/INFO: pass \{/) as string })
})

it('the built program watches by polling', async () => {
  const { configDir } = home(one)
  // No sweep finds the change first.
  const served = await serve([configDir], { flags: ['--watch.mode=polling', '--watch.sweep-interval=1h'] })
  try {
    await served.ready()
    appendFileSync(join(configDir, 'projects/a/A.jsonl'), transcript('/w/app', '2'))
    await expect
      .poll(async () => sumOf(samples(await served.scrape()), 'agent_usage_requests_total'), { timeout: 60_000 })
      .toBe(2)
  } finally {
    await served.stop()
  }
})

it('the built program reads a configuration file and a price file', async () => {
  const { dir, configDir } = home(one)
  writeFileSync(join(dir, 'prices.yaml'), 'models:\n  claude-opus-4-8:\n    prices: [{ input: 1000000, output: 0 }]\n')
  writeFileSync(join(dir, 'config.yaml'), `prices:\n  file: ${join(dir, 'prices.yaml')}\n`)
  const cost = async (...flags: string[]) =>
    sumOf(samples(await once([configDir], { flags })), 'agent_usage_cost_usd_total')
  expect(await cost(`--config.file=${join(dir, 'config.yaml')}`)).toBeGreaterThan(await cost())
})
