// Links, and events for paths through them, in any order: each line counts for the session of its file. The lines have
// ids that are unique only within a session, so a file that is read for two sessions would count twice.
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { line, lines } from '../support/line.js'
import { plant, temporaryFolder } from '../support/tree.js'
import { passing, REQUESTS } from './passing.js'

const folder = realpathSync(temporaryFolder())

const FILES = ['a/s.jsonl', 'a/s/subagents/agent-1.jsonl', 'b/t.jsonl', '../elsewhere/o.jsonl']
const TARGETS = ['.', 'a', 'a/s', 'b', ...FILES.slice(0, 3)]
const LINKS = ['l', 'b/l', 'b/agent-l.jsonl']
/** Paths below a link that a watcher may report. */
const BELOW = ['', '/s.jsonl', '/a/s.jsonl', '/b/t.jsonl', '/l/a/s.jsonl']

const append = fc.record({ kind: fc.constant('append' as const), file: fc.constantFrom(...FILES) })
const replacement = fc.record({ kind: fc.constant('replace' as const), file: fc.constantFrom(...FILES) })
const link = fc.record({
  kind: fc.constant('link' as const),
  at: fc.constantFrom(...LINKS),
  target: fc.constantFrom(...TARGETS),
})
const event = fc.record({
  kind: fc.constant('event' as const),
  path: fc.tuple(fc.constantFrom(...LINKS), fc.constantFrom(...BELOW)),
})
const pass = fc.constant({ kind: 'pass' as const })
const action = fc.oneof(
  { weight: 2, arbitrary: append },
  { weight: 1, arbitrary: replacement },
  { weight: 1, arbitrary: link },
  { weight: 3, arbitrary: event },
  { weight: 1, arbitrary: pass },
)

it('every line counts once, for any links and any paths in events', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 60 }), async (actions) => {
      const configDir = plant(mkdtempSync(join(folder, 'config-')), Object.fromEntries(FILES.map((file) => [file, ''])))
      const projects = join(configDir, 'projects')
      mkdirSync(join(projects, 'b/s/subagents'), { recursive: true })
      // A single link, because with two links neither path would be the real one.
      symlinkSync(join(projects, FILES[3]!), join(projects, 'b/out.jsonl'))
      const passes = passing([configDir])
      let written = 0
      for (const step of actions) {
        if (step.kind === 'append') appendFileSync(join(projects, step.file), lines(line(`gw${written++} o48 1/1`)))
        else if (step.kind === 'replace') replace(join(projects, step.file))
        else if (step.kind === 'link') linkTo(join(projects, step.target), join(projects, step.at))
        else await passes.pass(step.kind === 'pass' ? 'everything' : new Set([join(projects, ...step.path)]))
      }
      await passes.pass('everything')
      expect(passes.total(REQUESTS)).toBe(written)
    }),
    { numRuns: 200 },
  )
})

function replace(path: string): void {
  cpSync(path, `${path}.tmp`)
  renameSync(`${path}.tmp`, path)
}

/** Replaces whatever is at `at`. */
function linkTo(target: string, at: string): void {
  symlinkSync(target, `${at}.tmp`)
  renameSync(`${at}.tmp`, at)
}
