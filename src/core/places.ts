// A place is where a session's transcripts lie: agent, slug and session. Its project comes from the working directory
// that its transcripts tell; until one does, from the slug.
import { Rows } from './rows.js'
import type { Texts } from './texts.js'

const PLACE = { name: 0, project: 1, nested: 2, file: 3 } as const
const PROJECT = { path: 0, label: 1 } as const

/** Slugs and agents hold no `/`; a session id is the rest. */
export function placeName(agent: string, slug: string, session: string): string {
  return `${agent}/${slug}/${session}`
}

export class Places {
  readonly places = new Rows(4)
  readonly projects = new Rows(2)
  readonly #texts: Texts
  readonly #rowOf = new Map<number, number>()
  readonly #labels = new Map<string, string>()

  constructor(texts: Texts) {
    this.#texts = texts
  }

  /** Whether a main transcript has told the place's project, so that no file need be asked again. */
  settled(name: string): boolean {
    const row = this.#rowFor(name)
    return row !== undefined && this.places.word(row, PLACE.project) !== 0 && this.places.word(row, PLACE.nested) === 0
  }

  /**
   * A file of the place told its first working directory. The main transcript counts before sub-agents' files, among
   * these the first by path (claude-code-logs 1.3).
   */
  learn(name: string, projectPath: string, nested: boolean, file: string): void {
    const number = this.#texts.intern(name)
    let row = this.#rowOf.get(number)
    if (row === undefined) {
      row = this.places.append()
      this.places.setWord(row, PLACE.name, number)
      this.#rowOf.set(number, row)
    } else {
      const wasNested = this.places.word(row, PLACE.nested) !== 0
      const known = this.#texts.get(this.places.word(row, PLACE.file))
      const first = nested === wasNested ? file < known : wasNested
      if (!first) return
    }
    this.places.setWord(row, PLACE.project, this.#texts.intern(projectPath) + 1)
    this.places.setWord(row, PLACE.nested, nested ? 1 : 0)
    this.places.setWord(row, PLACE.file, this.#texts.intern(file))
  }

  agent(name: string): string {
    return name.slice(0, name.indexOf('/'))
  }

  /** Path of the place's project, or its slug unchanged. */
  project(name: string): string {
    const row = this.#rowFor(name)
    if (row !== undefined) return this.#texts.get(this.places.word(row, PLACE.project) - 1)
    const slug = name.indexOf('/') + 1
    return name.slice(slug, name.indexOf('/', slug))
  }

  /** Gives labels to the projects that have none. */
  label(projects: Iterable<string>, assign: (known: ReadonlyMap<string, string>, fresh: Iterable<string>) => Map<string, string>): void {
    for (const [path, label] of assign(this.#labels, projects)) {
      this.#labels.set(path, label)
      const row = this.projects.append()
      this.projects.setWord(row, PROJECT.path, this.#texts.intern(path))
      this.projects.setWord(row, PROJECT.label, this.#texts.intern(label))
    }
  }

  labelOf(project: string): string | undefined {
    return this.#labels.get(project)
  }

  /** To ask is not to learn: a name that is not known gets no number. */
  #rowFor(name: string): number | undefined {
    const number = this.#texts.find(name)
    return number === undefined ? undefined : this.#rowOf.get(number)
  }

  reindex(): void {
    for (let row = 0; row < this.places.count; row += 1) this.#rowOf.set(this.places.word(row, PLACE.name), row)
    for (let row = 0; row < this.projects.count; row += 1) {
      const path = this.#texts.get(this.projects.word(row, PROJECT.path))
      this.#labels.set(path, this.#texts.get(this.projects.word(row, PROJECT.label)))
    }
  }
}
