// Configuration directories given by patterns, and those that the desktop app creates for each of its sessions. Existing
// ones are read, and new ones are found by the next full pass.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sumOf } from '../support/exposition.js'
import { line, lines } from '../support/line.js'
import { plant } from '../support/tree.js'
import { homes, requests, running, transcript, type Home } from './running.js'

const home = homes()

it('finds homes by a pattern, including ones created later', async () => {
  const { dir, stateDir } = home()
  const log = (name: string): unknown =>
    plant(join(dir, 'home', name, '.claude'), { '-w-app/A.jsonl': transcript('/w/app', name) })
  log('ann')
  log('bob')
  plant(join(dir, 'home/zed/elsewhere'), { '-w-app/A.jsonl': transcript('/w/app', 'zed') })
  const { app, scrape, complaints } = await running({ dir, stateDir, configDir: join(dir, 'home/*/.claude') })
  expect(requests(await scrape())).toBe(2)
  log('eve')
  await app.pass()
  expect(requests(await scrape())).toBe(3)
  expect(complaints).toEqual([])
})

it('waits for the first home that matches a pattern', async () => {
  const { dir, stateDir } = home()
  const { app, scrape, complaints } = await running({ dir, stateDir, configDir: join(dir, 'home/*/.claude') })
  expect(complaints.map(({ message }) => message)).toEqual([expect.stringContaining('no logs found')])
  plant(join(dir, 'home/ann/.claude'), { '-w-app/A.jsonl': transcript('/w/app', '1') })
  await app.pass()
  // A new series is 0 in its first scrape.
  await scrape()
  expect(requests(await scrape())).toBe(1)
})

it("reads the desktop app's sessions, each in a configuration directory of its own", async () => {
  const { dir, stateDir } = home()
  const sessions = join(dir, 'Claude/local-agent-mode-sessions')
  const session = (name: string, folder: string): void => {
    const own = join(sessions, '0f6a2c1e/7c5d1b2a', `local_${name}`)
    plant(join(own, '.claude'), {
      [`${folder}/${name}.jsonl`]: lines(line(`msg_${name}/r1 o48 10000/200/0/0/0`)),
      [`${folder}/${name}/subagents/agent-1.jsonl`]: lines(line(`msg_${name}_sub/r2 o48 6500/130/0/0/0`)),
    })
    // A copy of the stream that holds only the first counts.
    writeFileSync(join(own, 'audit.jsonl'), lines(line(`msg_${name}_audit/r3 o48 1/1/0/0/0`)))
    writeFileSync(`${own}.json`, '{}')
  }
  const tokens = async ({ scrape }: Awaited<ReturnType<typeof running>>): Promise<number[]> => {
    const all = await scrape()
    return [
      requests(all),
      ...['input', 'output'].map((type) => sumOf(all, 'agent_usage_tokens_total', { token_type: type })),
    ]
  }
  session('a1', '-sessions-brave-otter')
  const at = (configDir: string): Home => ({ dir, stateDir: join(stateDir, configDir), configDir })
  const program = await running(at(sessions))
  session('b2', '-sessions-calm-heron')
  await program.app.pass()
  expect(await tokens(program)).toEqual([4, 33_000, 660])
  expect(await tokens(await running(at(join(sessions, '*/*/*/.claude'))))).toEqual([4, 33_000, 660])
})
