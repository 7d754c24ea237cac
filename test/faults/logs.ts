// The logs of an agent at work, and the responses in them. Every copy of a response has the same counts, so that no order of
// reading needs a correction.
import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { line, lines } from '../support/line.js'
import type { Random } from '../support/random.js'

export interface Response {
  readonly id: string
  readonly project: string
  readonly model: string
  readonly tokens: Readonly<Record<'input' | 'output' | 'cache_read', number>>
  /** Timestamp on the line of the response. */
  readonly timestamp: string
}

/** Models; the last one has no price. */
const MODELS = ['claude-opus-4-8', 'claude-sonnet-5', 'house-model']

export interface Logs {
  readonly configDir: string
  /** Responses that are in the logs now. */
  readonly present: () => ReadonlySet<Response>
  /** Appends responses of a random or new project to a random or new file. */
  append(random: Random, count: number): readonly Response[]
  /** Appends responses of a new project. */
  begin(random: Random, count: number, model?: string): readonly Response[]
  /** Removes one file, or all. */
  remove(random: Random): string
  /** Notes that all files were removed. */
  forget(): void
  /** Replaces a file, or truncates it; the result may be smaller or larger. */
  rewrite(random: Random): { readonly story: string; readonly added: readonly Response[] }
}

/** @param now returns the timestamp of new lines in milliseconds since the epoch */
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

  /** A session file of the project: sessions keep their project. */
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

/** Lines of responses. Their uuid is derived from the id, so that a line has the same length whenever it is written. */
function textOf(responses: readonly Response[]): string {
  return lines(
    ...responses.map(({ id, project, model, tokens, timestamp }) =>
      line(`msg_${id}/req_${id} ${model} ${tokens.input}/${tokens.output}/0/0/${tokens.cache_read}`, {
        line: { cwd: `/w/${project}`, uuid: `u-${id}`, timestamp },
      }),
    ),
  )
}
