// The logs of an agent at work, and what stands in them. Every response is written with the same numbers wherever it
// stands, so that nothing that is read in whatever order makes a correction.
import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { line, lines } from '../support/line.js'
import type { Random } from '../support/random.js'

export interface Response {
  readonly id: string
  readonly project: string
  readonly model: string
  readonly tokens: Readonly<Record<'input' | 'output' | 'cache_read', number>>
  /** When it was given, as its line has it. */
  readonly timestamp: string
}

/** The last has no price. */
const MODELS = ['claude-opus-4-8', 'claude-sonnet-5', 'house-model']

export interface Logs {
  readonly configDir: string
  /** What a reader would find now. */
  readonly present: () => ReadonlySet<Response>
  /** Responses of some project, old or new, at the end of some file, old or new. */
  append(random: Random, count: number): readonly Response[]
  /** The same of a project and a model that nobody has seen. */
  begin(random: Random, count: number, model?: string): readonly Response[]
  /** One file, or all. */
  remove(random: Random): string
  /** Somebody removed all files. */
  forget(): void
  /** Another file takes the place of one, or one is cut short; what is left of it may be less, or more. */
  rewrite(random: Random): { readonly story: string; readonly added: readonly Response[] }
}

/** @param now milliseconds since the epoch, when something is written */
export function createLogs(configDir: string, now = () => Date.parse('2026-11-01T10:00:00.000Z')): Logs {
  const files = new Map<string, readonly Response[]>()
  const projects: string[] = []
  mkdirSync(join(configDir, 'projects'), { recursive: true })

  const pathOf = (name: string): string => join(configDir, 'projects', name)

  function speak(random: Random, project: string, model = random.pick(MODELS)): Response {
    const tokens = { input: 1 + random.int(900), output: 1 + random.int(900), cache_read: random.int(90_000) }
    return { id: random.fresh('x'), project, model, tokens, timestamp: new Date(now()).toISOString() }
  }

  function newProject(random: Random): string {
    const project = random.fresh('project-')
    projects.push(project)
    return project
  }

  /** Sessions stay in their project: what is written to them later is counted there. */
  function fileOf(random: Random, project: string): string {
    const own = [...files.keys()].filter((name) => name.startsWith(`-w-${project}/`))
    return own.length > 0 && random.chance(0.6) ? random.pick(own) : `-w-${project}/${random.fresh('session-')}.jsonl`
  }

  function add(name: string, responses: readonly Response[]): readonly Response[] {
    mkdirSync(dirname(pathOf(name)), { recursive: true })
    appendFileSync(pathOf(name), textOf(responses))
    files.set(name, [...(files.get(name) ?? []), ...responses])
    return responses
  }

  function speakIn(random: Random, project: string, count: number, model?: string): readonly Response[] {
    const responses = Array.from({ length: count }, () => speak(random, project, model))
    return add(fileOf(random, project), responses)
  }

  return {
    configDir,
    present: () => new Set([...files.values()].flat()),
    append(random, count) {
      const project = projects.length === 0 || random.chance(0.3) ? newProject(random) : random.pick(projects)
      return speakIn(random, project, count)
    },
    begin: (random, count, model) => speakIn(random, newProject(random), count, model),
    remove(random) {
      if (files.size === 0) return 'no logs are left'
      if (random.chance(0.6)) {
        for (const entry of readdirSync(join(configDir, 'projects'))) rmSync(pathOf(entry), { recursive: true })
        files.clear()
        return 'all logs'
      }
      const name = random.pick([...files.keys()])
      rmSync(pathOf(name))
      files.delete(name)
      return name
    },
    forget: () => files.clear(),
    rewrite(random) {
      if (files.size === 0) return { story: 'no logs are left', added: [] }
      const name = random.pick([...files.keys()])
      const before = files.get(name)!
      const left = before.slice(0, random.int(before.length + 1))
      if (random.chance(0.4)) {
        truncateSync(pathOf(name), Buffer.byteLength(textOf(left)))
        files.set(name, left)
        return { story: `${name} cut from ${before.length} to ${left.length}`, added: [] }
      }
      const added = [speak(random, projectOf(name))]
      const after = random.chance(0.5) ? [...added, ...left] : [...left, ...added]
      writeFileSync(`${pathOf(name)}.new`, textOf(after))
      renameSync(`${pathOf(name)}.new`, pathOf(name))
      files.set(name, after)
      return { story: `${name} of ${before.length} replaced by one of ${after.length}`, added }
    },
  }
}

function projectOf(name: string): string {
  return name.slice('-w-'.length, name.indexOf('/'))
}

/** Without an id of its own, each line is as long whenever it is written. */
function textOf(responses: readonly Response[]): string {
  return lines(
    ...responses.map(({ id, project, model, tokens, timestamp }) =>
      line(`msg_${id}/req_${id} ${model} ${tokens.input}/${tokens.output}/0/0/${tokens.cache_read}`, {
        line: { cwd: `/w/${project}`, uuid: `u-${id}`, timestamp },
      }),
    ),
  )
}
