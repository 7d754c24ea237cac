// The program logs only two things from any agent's logs, at any level: names of models, and paths that it cannot read.
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
  'no text, branch or id from logs of $agent is logged, and a session only in the path of an unreadable file',
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

/** An entry with every value but its type replaced by a list. */
function allOfOtherTypes(entry: object): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, name === 'type' ? value : ['SECRET', 7]])),
  )
}
