// The contract of a demo writer: it logs made-up sessions as one agent would. Who works, on what and when is the demo's.

/** Chance that a seed decides. */
export interface Random {
  /** 0 … 1, 1 excluded. */
  unit(): number
  chance(probability: number): boolean
  /** Whole, both ends included. */
  between(least: number, most: number): number
  /** Around `middle`: mostly less, now and then several times as much. Whole, at least 1. */
  around(middle: number): number
  pick<T>(from: readonly T[]): T
  /** So many digits and letters, as ids have them. */
  letters(count: number): string
  uuid(): string
}

/** A kind of model, of which each agent has its own; `local` is one without a price. */
export type ModelKind = 'largest' | 'large' | 'medium' | 'small' | 'local'

/** What a session works on. */
export interface DemoProject {
  readonly name: string
  /** Of its main sessions; one named more often is picked more often. Sub-agents run on a small one. */
  readonly models: readonly ModelKind[]
  /** Share of its responses that search the web. */
  readonly searches: number
}

export interface DemoSession {
  readonly id: string
  /** Of its file, below the agent's directory. */
  readonly path: string
  /** The lines of what a person asks. Times are milliseconds since the epoch. */
  prompt(atMs: number): string
  /** The lines of one response, and of the result of the tool that it calls. */
  respond(atMs: number): string
}

export interface DemoWriter {
  /** Whose logs it writes. */
  readonly agent: string
  /** What the agent's directory is called in the demo's folder. */
  readonly directory: string
  /**
   * @param atMs when it begins, milliseconds since the epoch
   * @param parent in whose session it runs as a sub-agent
   */
  startSession(random: Random, project: DemoProject, atMs: number, parent?: DemoSession): DemoSession
}
