// Overlapping directories of two agents, and an agent that is not used: log, page and metrics.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Summary } from '../../src/http/summary-schema.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import { otherAgent } from '../ingest/other-agent.js'
import { homes, requests, running, transcript, type Home, type Running } from './running.js'

const home = homes()

/** @param other directory of the second agent */
function start(made: Home, other: string, named: boolean): Promise<Running> {
  return running(made, [], {
    sources: [
      { source: claudeCode, paths: [made.configDir], named: true },
      { source: otherAgent, paths: [other], named },
    ],
  })
}

const upOf = async ({ scrape }: Running): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await scrape())
      .filter(({ name }) => name === 'agent_usage_exporter_source_up')
      .map(({ labels, value }) => [labels['agent']!, value]),
  )
const rootsOf = async ({ url }: Running): Promise<string[]> =>
  ((await (await fetch(`${url}/api/summary`)).json()) as Summary).exporter.roots.map(({ agent }) => agent)

it('files in directories of two agents count once, with one warning, and both agents are up', async () => {
  const made = home({ '-a/1.jsonl': transcript('/w/app', '1') })
  const inner = join(made.configDir, 'projects/-a/S')
  mkdirSync(join(inner, 'sessions'), { recursive: true })
  writeFileSync(join(inner, 'sessions/2.jsonl'), transcript('/w/app', '2') + '{"other":"2","spent":5}\n')
  const program = await start(made, inner, true)
  await program.app.pass()
  expect(program.complaints.map(({ level, message, fields }) => [level, message, fields['agent']])).toEqual([
    ['warn', 'directories of two agents overlap: only this agent reads the files in both', 'other'],
  ])
  const all = await program.scrape()
  expect([requests(all, { agent: 'claude-code' }), requests(all, { agent: 'other' })]).toEqual([1, 1])
  expect(await upOf(program)).toEqual({ 'claude-code': 1, other: 1 })
})

it('nothing is logged or shown about an unused agent until it is used', async () => {
  const made = home({ '-a/1.jsonl': transcript('/w/app', '1') })
  const other = join(made.dir, 'other')
  const program = await start(made, other, false)
  expect(await upOf(program)).toEqual({ 'claude-code': 1 })
  expect(await rootsOf(program)).toEqual(['claude-code'])
  mkdirSync(join(other, 'sessions'), { recursive: true })
  writeFileSync(join(other, 'sessions/1.jsonl'), '{"other":"1","spent":5}\n')
  await program.app.pass()
  expect(await upOf(program)).toEqual({ 'claude-code': 1, other: 1 })
  expect(await rootsOf(program)).toEqual(['claude-code', 'other'])
  expect(program.complaints).toEqual([])
})

it('a missing directory that was named is a warning', async () => {
  const made = home({ '-a/1.jsonl': transcript('/w/app', '1') })
  const program = await start(made, join(made.dir, 'other'), true)
  expect(program.complaints.map(({ message }) => message)).toEqual(['no logs found here'])
  expect(await upOf(program)).toEqual({ 'claude-code': 1, other: 0 })
})
