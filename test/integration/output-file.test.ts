// once --output writes what it would print, for the textfile collector: whole or not at all, with nothing left beside it.
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { samples } from '../support/exposition.js'
import { once } from '../support/program.js'
import { homes, requests, transcript } from './running.js'

const home = homes()
const A = transcript('/w/app', '1', '2')

it('writes what it would print, and prints nothing', async () => {
  const { configDir, dir } = home({ 'a/A.jsonl': A })
  const collected = join(dir, 'collected')
  mkdirSync(collected)
  const output = join(collected, 'agents.prom')
  const printed = await once([configDir])
  expect(await once([configDir], { flags: [`--output=${output}`] })).toBe('')
  expect(readdirSync(collected)).toEqual(['agents.prom'])
  const written = readFileSync(output, 'utf8')
  expect(masked(written)).toEqual(masked(printed))
  expect(requests(samples(written))).toBe(2)
})

it('puts a new file in place of the old one: who has that open reads it to its end', async () => {
  const { configDir, dir } = home({ 'a/A.jsonl': A })
  const output = join(dir, 'agents.prom')
  writeFileSync(output, 'old\n')
  const reader = openSync(output, 'r')
  try {
    await once([configDir], { flags: [`--output=${output}`] })
    expect(readFileSync(reader, 'utf8')).toBe('old\n')
  } finally {
    closeSync(reader)
  }
  expect(readFileSync(output, 'utf8')).toContain('agent_usage_requests_total{')
})

it('exits with 1 when it cannot write there', async () => {
  const { configDir, dir } = home({ 'a/A.jsonl': A })
  const blocked = join(dir, 'blocked')
  mkdirSync(join(blocked, 'agents.prom', 'full'), { recursive: true })
  for (const output of [join(dir, 'missing', 'agents.prom'), join(blocked, 'agents.prom')]) {
    const refusal: unknown = await once([configDir], { flags: [`--output=${output}`] }).catch((error: unknown) => error)
    const { message } = refusal as Error
    expect(message).toMatch(/^once exited with 1: /)
    const last = message.trimEnd().split('\n').at(-1)
    expect(last).toMatch(/^agent-usage-exporter: cannot write .*: \w/)
    expect(last).toContain(output)
  }
  expect(readdirSync(blocked)).toEqual(['agents.prom'])
})

/** Every line; the values of those that differ from run to run are masked. */
function masked(text: string): string[] {
  return text.split('\n').map((one) => one.replace(/^(agent_usage_exporter_\S*(?:seconds|bucket|sum)\S*(?:\{.*\})?) \S+$/, '$1 *'))
}
