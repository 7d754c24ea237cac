// Watching: appended lines and new files show without a requested pass. A hang here means a lost event.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { homes, requests, running, transcript, type Running } from './running.js'

const home = homes()

it.each(['native', 'polling', 'auto'])('--watch.mode=%s shows appended lines and new files', async (mode) => {
  const { configDir, dir } = home({ 'a/A.jsonl': transcript('/w/app', '1') })
  const program = await running({ configDir, dir, stateDir: `${dir}/state` }, [`--watch.mode=${mode}`])
  const projects = join(configDir, 'projects')
  // The pass that follows the start of watching may find the first line; the others are found by events only.
  for (const [count, id] of [
    [2, '2'],
    [3, '3'],
    [4, '4'],
  ] as const) {
    appendFileSync(join(projects, 'a/A.jsonl'), transcript('/w/app', id))
    await shows(program, count)
  }
  mkdirSync(join(projects, 'b/S/subagents'), { recursive: true })
  writeFileSync(join(projects, 'b/S/subagents/agent-x.jsonl'), transcript('/w/app', '5'))
  await shows(program, 5)
  expect(program.complaints).toEqual([])
})

async function shows({ scrape }: Running, count: number): Promise<void> {
  while (requests(await scrape()) < count);
}
