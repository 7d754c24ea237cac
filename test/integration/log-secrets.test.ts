// What the log of the program may show of the logs that it reads, whatever the agent: names of models, and paths of what it
// cannot read. Nothing else, at any level.
import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { AGENT_LOGS } from '../support/agent-logs.js'
import { mainFile } from '../support/program.js'
import { lines } from '../support/line.js'
import { plant } from '../support/tree.js'
import { homes } from './running.js'

const home = homes()

const TOLD = { cwd: '/w/SECRET-folder/app', model: 'house-model', id: 'SECRET-id', text: 'SECRET-text' }

it.each(AGENT_LOGS)(
  'of $agent: no text, branch or id, and a session only in the path of a file that cannot be read',
  (log) => {
    const { flag, session, word } = log
    const { path, lines: entries } = session(TOLD)
    const spoilt = [`{"${word}": SECRET`, ...entries.map(allOfOtherTypes)]
    const directory = plant(join(home().dir, 'logs'), {
      [`/${path}`]: lines(...entries.map((entry) => JSON.stringify(entry)), ...spoilt),
    })
    const loop = join(dirname(join(directory, path)), 'SECRET-loop.jsonl')
    symlinkSync('SECRET-loop.jsonl', loop)
    const flags = ['once', `--${flag}=${directory}`, '--state.dir=none', '--log.level=debug', '--log.format=json']
    const env = { PATH: process.env.PATH, HOME: '/nonexistent' }
    const { status, stdout, stderr } = spawnSync(process.execPath, [mainFile, ...flags], { encoding: 'utf8', env })
    expect(status).toBe(0)
    expect(stdout).toContain(`model="${TOLD.model}"`)
    expect(stderr).toContain(`"model":"${TOLD.model}"`)
    const said = stderr.split('\n').filter((line) => line.includes('SECRET'))
    expect(said.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ path: loop, msg: 'cannot access this path' }),
    ])
  },
)

/** The names of an entry with lists in place of all that they tell. */
function allOfOtherTypes(entry: object): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, name === 'type' ? value : ['SECRET', 7]])),
  )
}
