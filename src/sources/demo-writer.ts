// The contract of a demo writer: it logs made-up sessions as one agent would. The demo decides who works, on what and
// when.

/** Random numbers determined by a seed. */
export interface Random {
  /** From 0 to 1, excluding 1. */
  unit(): number
  chance(probability: number): boolean
  /** An integer; both ends are included. */
  between(least: number, most: number): number
  /** Around `middle`: usually less, now and then several times as much. An integer of at least 1. */
  around(middle: number): number
  pick<T>(from: readonly T[]): T
  /** That many digits and letters, as in ids. */
  letters(count: number): string
  uuid(): string
}

/** A kind of model, of which each agent has its own; `local` is one without a price. */
export type ModelKind = 'largest' | 'large' | 'medium' | 'small' | 'local'

/** The project that a session works on. */
export interface DemoProject {
  readonly name: string
  /** Models of its main sessions; one named more often is picked more often. Sub-agents use a small one. */
  readonly models: readonly ModelKind[]
  /** Share of its responses that search the web. */
  readonly searches: number
}

export interface DemoSession {
  readonly id: string
  /** Path of its file, below the agent's directory. */
  readonly path: string
  /** The lines of a user's prompt. Times are in milliseconds since the epoch. */
  prompt(atMs: number): string
  /** The lines of one response, and of the result of the tool that it calls. */
  respond(atMs: number): string
}

export interface DemoWriter {
  /** The agent whose logs it writes. */
  readonly agent: string
  /** Name of the agent's directory in the demo's folder. */
  readonly directory: string
  /**
   * @param atMs when it begins, in milliseconds since the epoch
   * @param parent the session in which it runs as a sub-agent
   */
  startSession(random: Random, project: DemoProject, atMs: number, parent?: DemoSession): DemoSession
}
