// The project of each session: that of the working directory in its logs or, until one is known, the project that the
// location of its logs stands for.
import { ProjectLabels } from './labels/projects.js'
import { Rows } from './tables/rows.js'
import type { StringTable } from './tables/strings.js'

const SESSION = { name: 0, project: 1, nested: 2, file: 3 } as const
const PROJECT = { path: 0, label: 1 } as const

/**
 * Neither the agent nor the project contains a `/`; the rest is the session id.
 * @param project derived from the location of the logs; used until a working directory is known
 */
export function sessionKey(agent: string, project: string, session: string): string {
  return `${agent}/${project}/${session}`
}

/** The agent's own id of a session, from a `sessionKey`. */
export function sessionId(name: string): string {
  return name.slice(name.indexOf('/', name.indexOf('/') + 1) + 1)
}

export class Sessions {
  readonly rows = new Rows(4)
  readonly projects = new Rows(2)
  readonly #strings: StringTable
  readonly #rowOf = new Map<number, number>()
  readonly #labels = new ProjectLabels()

  constructor(texts: StringTable) {
    this.#strings = texts
  }

  /**
   * Whether the working directory of this file decides: the main log file before sub-agents' files, among equals the
   * first by path (claude-code-logs 1.3). So the project does not depend on the order in which files were read.
   * @param whole the file is read from its start, so that what it says replaces what it said before
   */
  wants(name: string, nested: boolean, file: string, whole: boolean): boolean {
    const row = this.#rowFor(name)
    if (row === undefined) return true
    const wasNested = this.rows.word(row, SESSION.nested) !== 0
    if (nested !== wasNested) return wasNested
    const known = this.#strings.get(this.rows.word(row, SESSION.file))
    return file === known ? whole : file < known
  }

  /** Records the first working directory in a file of a session. */
  learn(name: string, projectPath: string, nested: boolean, file: string): void {
    if (!this.wants(name, nested, file, true)) return
    const number = this.#strings.intern(name)
    const row = this.#rowOf.get(number) ?? this.rows.append()
    this.#rowOf.set(number, row)
    this.#set(row, SESSION.name, number)
    this.#set(row, SESSION.project, this.#strings.intern(projectPath) + 1)
    this.#set(row, SESSION.nested, nested ? 1 : 0)
    this.#set(row, SESSION.file, this.#strings.intern(file))
  }

  /** Repeating the same fact changes no page. */
  #set(row: number, column: number, value: number): void {
    if (this.rows.word(row, column) !== value) this.rows.setWord(row, column, value)
  }

  /** Everything that `learn` recorded and that still holds. */
  *learnt(): Generator<{
    readonly name: string
    readonly project: string
    readonly nested: boolean
    readonly file: string
  }> {
    for (let row = 0; row < this.rows.count; row += 1) {
      yield {
        name: this.#strings.get(this.rows.word(row, SESSION.name)),
        project: this.#strings.get(this.rows.word(row, SESSION.project) - 1),
        nested: this.rows.word(row, SESSION.nested) !== 0,
        file: this.#strings.get(this.rows.word(row, SESSION.file)),
      }
    }
  }

  agent(name: string): string {
    return name.slice(0, name.indexOf('/'))
  }

  /** Path of the session's project, or else the project derived from the location of its logs. */
  project(name: string): string {
    const row = this.#rowFor(name)
    if (row !== undefined) return this.#strings.get(this.rows.word(row, SESSION.project) - 1)
    const start = name.indexOf('/') + 1
    return name.slice(start, name.indexOf('/', start))
  }

  /** Labels the projects that have no label yet. */
  label(projects: Iterable<string>): void {
    for (const [path, label] of this.#labels.label(projects)) {
      const row = this.projects.append()
      this.projects.setWord(row, PROJECT.path, this.#strings.intern(path))
      this.projects.setWord(row, PROJECT.label, this.#strings.intern(label))
    }
  }

  labelOf(project: string): string | undefined {
    return this.#labels.get(project)
  }

  /** A lookup records nothing: an unknown name gets no number. */
  #rowFor(name: string): number | undefined {
    const number = this.#strings.find(name)
    return number === undefined ? undefined : this.#rowOf.get(number)
  }

  reindex(): void {
    for (let row = 0; row < this.rows.count; row += 1) this.#rowOf.set(this.rows.word(row, SESSION.name), row)
    for (let row = 0; row < this.projects.count; row += 1) {
      const path = this.#strings.get(this.projects.word(row, PROJECT.path))
      this.#labels.add(path, this.#strings.get(this.projects.word(row, PROJECT.label)))
    }
  }
}
