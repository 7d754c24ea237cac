// Passes over the logs of two agents: each file is read once, for one of them, and a file next to a log names its project.
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import { line, lines } from '../support/line.js'
import { temporaryFolder } from '../support/tree.js'
import { otherAgent } from './other-agent.js'
import { passing, REQUESTS, type Passing } from './passing.js'

const top = temporaryFolder()
let folders = 0

/** Lines of both agents: each reads one response of its own. */
const both = (id: string): string =>
  lines(line(`msg_${id}/r${id} o48 10/160`, { line: { cwd: '/w/claude' } })) + `{"other":"${id}","spent":5}\n`

function planted(files: Readonly<Record<string, string>>): string {
  const dir = join(top, String(folders++))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), content)
  }
  return dir
}

const started = (claude: string, other: string): Passing =>
  passing([
    { source: claudeCode, paths: [claude], named: true },
    { source: otherAgent, paths: [other], named: true },
  ])

/** Requests by agent and project. */
function counted({ state }: Passing): Record<string, number> {
  const { series } = state.totals
  return Object.fromEntries(
    Array.from({ length: series.count }, (_, row) => {
      const { agent, project } = series.labels(row)
      return [`${agent} ${project}`, series.total(row, REQUESTS)]
    }),
  )
}

describe('overlapping directories', () => {
  it('that are the same are read for the first agent', async () => {
    const claude = planted({ 'projects/-a/1.jsonl': both('1'), 'projects/-a/2.jsonl': both('2') })
    const other = planted({})
    mkdirSync(other)
    symlinkSync(join(claude, 'projects'), join(other, 'sessions'))
    const passes = started(claude, other)
    expect(await passes.pass('everything')).toMatchObject({ files: 2 })
    expect(counted(passes)).toEqual({ 'claude-code claude': 2 })
  })

  it('of which one contains the other are read for the innermost, in a full pass and after a change', async () => {
    const claude = planted({ 'projects/-a/1.jsonl': both('1'), 'projects/-a/S/sessions/2.jsonl': both('2') })
    const passes = started(claude, join(claude, 'projects/-a/S'))
    expect(await passes.pass('everything')).toMatchObject({ files: 2 })
    expect(counted(passes)).toEqual({ 'claude-code claude': 1, 'other nowhere': 1 })
    const [outer, inner] = ['1', 'S/sessions/2'].map((name) => join(claude, 'projects/-a', `${name}.jsonl`))
    for (const path of [outer!, inner!]) appendFileSync(path, both('3'))
    await passes.pass(new Set([outer!, inner!]))
    expect(counted(passes)).toEqual({ 'claude-code claude': 2, 'other nowhere': 2 })
  })
})

describe('a .project_root file next to a log', () => {
  it('names the project of the log, also if it appears later', async () => {
    const other = planted({
      'sessions/a/.project_root': '/w/shop\n',
      'sessions/a/1.jsonl': '{"other":"1","spent":5}\n',
      'archive/2.jsonl': '{"other":"2","spent":5}\n',
    })
    const passes = started(join(top, 'none'), other)
    await passes.pass('everything')
    expect(counted(passes)).toEqual({ 'other shop': 1, 'other nowhere': 1 })
    writeFileSync(join(other, 'archive/.project_root'), '/w/shelf')
    await passes.pass('everything')
    expect(counted(passes)).toEqual({ 'other shop': 1, 'other nowhere': 1 })
    // It is read with the next lines of the log; earlier bookings stay in their project.
    appendFileSync(join(other, 'archive/2.jsonl'), '{"other":"3","spent":5}\n')
    await passes.pass('everything')
    expect(counted(passes)).toEqual({ 'other shop': 1, 'other nowhere': 1, 'other shelf': 1 })
  })
})
