// What the log of the program may show of the logs that it reads: names of models, and paths of what it cannot read. Nothing
// else, at any level.
import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { mainFile } from '../support/program.js'
import { line, lines } from '../support/line.js'
import { homes } from './running.js'

const home = homes()

it('shows no prompt, answer, branch or id, and a session only in the path of a file that cannot be read', () => {
  const secret = {
    line: { cwd: '/w/SECRET-folder/app', gitBranch: 'SECRET-branch', sessionId: 'SECRET-session', uuid: 'SECRET-uuid' },
    message: { content: [{ type: 'text', text: 'SECRET-answer' }] },
  }
  const prompt = JSON.stringify({ type: 'user', message: { role: 'user', content: 'SECRET-prompt' } })
  const text = lines(
    prompt,
    line('msg_SECRET/req_SECRET house-model 10/10', secret),
    '{"SECRET": broken "usage" "assistant"',
  )
  const { configDir } = home({ '-w-app/session-1.jsonl': text })
  const loop = join(configDir, 'projects/-w-app/session-2.jsonl')
  symlinkSync('session-2.jsonl', loop)
  const flags = [
    'once',
    `--claude.config-dir=${configDir}`,
    '--state.dir=none',
    '--log.level=debug',
    '--log.format=json',
  ]
  const { status, stderr } = spawnSync(process.execPath, [mainFile, ...flags], { encoding: 'utf8' })
  expect(status).toBe(0)
  expect(stderr).toContain('"model":"house-model"')
  expect(stderr).not.toContain('SECRET')
  const said = stderr
    .trim()
    .split('\n')
    .map((each) => JSON.parse(each) as { path?: string; msg: string })
  expect(said.filter((each) => JSON.stringify(each).includes('session-'))).toEqual([
    expect.objectContaining({ path: loop, msg: 'cannot access this path' }),
  ])
})
