// Notes of a report about filters that match nothing. The printed report stays valid.
import { expect, it, onTestFinished } from 'vitest'
import { createApp } from '../../src/app/app.js'
import { reportOf, selectionOf } from '../../src/app/report.js'
import { unmatched } from '../../src/app/unmatched.js'
import { loadConfig } from '../../src/config/config.js'
import { line, lines } from '../support/line.js'
import { NOW_MS, homes } from './running.js'

const home = homes()
const ignore = (): void => undefined
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore }

const said = (id: string, model: string, cwd: string, day: string): string =>
  line(`msg_${id}/r${id} ${model} 10/20`, { line: { cwd, timestamp: `${day}T12:00:00Z` } })
const LOGS = {
  'a/A.jsonl': lines(said('1', 'claude-opus-5-5', '/w/shop', '2026-10-01')),
  'b/B.jsonl': lines(said('2', 'claude-haiku-5-5', '/w/web-till', '2026-10-09')),
}

async function asked(logs: Record<string, string>, ...flags: readonly string[]) {
  const { configDir, dir } = home(logs)
  const own = ['--state.dir=none', '--parser.workers=0', '--timezone=UTC']
  const config = loadConfig(['report', ...own, ...flags], { HOME: dir, CLAUDE_CONFIG_DIR: configDir })
  const app = await createApp(config, { version: '0', log, readOnly: true, now: () => NOW_MS })
  onTestFinished(() => app.stop())
  await app.pass()
  return {
    notes: unmatched(app.state, { ...config, selection: selectionOf(config) }, NOW_MS),
    text: [...reportOf(app, config, NOW_MS)].join(''),
  }
}

const LIST = (label: string) => `; \`agent-usage-exporter report --by=${label}\` lists all`

it.each([
  [['--project=shpo'], ['--project: "shpo": no project with usage matches; did you mean shop?']],
  [['--project=TILL'], ['--project: "TILL": no project with usage matches; did you mean web-till?']],
  [['--project=zzz*'], [`--project: "zzz*": no project with usage matches${LIST('project')}`]],
  [['--project=shop', '--project=x??'], [`--project: "x??": no project with usage matches${LIST('project')}`]],
  [
    ['--model=claude'],
    ['--model: "claude": no model with usage matches; did you mean claude-haiku-5-5, claude-opus-5-5?'],
  ],
  [['--since=2026-10-10'], ['no usage from 2026-10-10; matching usage is from 2026-10-01 to 2026-10-09']],
  [
    ['--project=shop', '--since=2026-10-02', '--until=2026-10-03'],
    ['no usage from 2026-10-02 until 2026-10-03; matching usage is from 2026-10-01 to 2026-10-01'],
  ],
  [['--project=shop', '--model=*haiku*'], ['no usage matches all of these filters; each of them alone matches some']],
  [['--project=s*', '--since=2026-10-01'], []],
  [[], []],
])('each filter of %j that matches nothing has a note', async (flags, notes) => {
  expect((await asked(LOGS, ...flags)).notes).toEqual(notes)
})

it.each([
  [{}, []],
  // Only Codex is read, which has no logs here.
  [LOGS, ['--agents=codex']],
])('a report without any usage has one note', async (logs, flags) => {
  const { notes } = await asked(logs, ...flags)
  expect(notes).toEqual([expect.stringMatching(/^no usage has been counted yet; /)])
})

it('a report whose filters match nothing is empty and valid', async () => {
  const { text } = await asked(LOGS, '--json', '--project=zzz')
  expect(JSON.parse(text)).toMatchObject({ rows: [], total: { requests: 0, usd: 0 } })
  expect((await asked(LOGS, '--responses', '--project=zzz')).text).toBe('')
})
