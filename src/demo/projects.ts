// The made-up projects, each with a shape of its own, so that boards have something to tell apart.

export interface Project {
  readonly name: string
  /** Of its main sessions; one named more often is picked more often. */
  readonly models: readonly string[]
  /** Responses on a working day in the middle of the history; 0: it begins while the demo runs. */
  readonly perDay: number
  /** How much of that on Saturdays and Sundays. */
  readonly weekend: number
  /** How many times as much at the end of the history as at its start. */
  readonly growth: number
  /** Its work of a day ends so many hours before the time of day of the start, and takes so many. */
  readonly endsHoursAgo: number
  readonly hours: number
  /** Share of its sessions that start a sub-agent. */
  readonly delegates: number
  /** Share of its responses that search the web. */
  readonly searches: number
  /** How much it does while the demo runs, against the others. */
  readonly live: number
}

/** Sub-agents run on it. */
export const AGENT_MODEL = 'claude-haiku-5-5'

const office = { weekend: 0.15, growth: 1, endsHoursAgo: 0, hours: 9, delegates: 0.3, searches: 0, live: 3 }

export const PROJECTS: readonly Project[] = [
  {
    ...office,
    name: 'harbor-api',
    models: ['claude-opus-5-5', 'claude-opus-5-5', 'claude-sonnet-5-5'],
    perDay: 65,
    delegates: 0.7,
  },
  { ...office, name: 'orchard-web', models: ['claude-sonnet-5-5', 'claude-sonnet-5-5', 'claude-opus-5-5'], perDay: 55 },
  // The one whose cost gets out of hand.
  {
    ...office,
    name: 'ledger-migration',
    models: ['claude-fable-5-1', 'claude-opus-5-5'],
    perDay: 35,
    growth: 9,
    live: 4,
  },
  {
    ...office,
    name: 'nightly-evals',
    models: [AGENT_MODEL],
    perDay: 45,
    weekend: 1,
    endsHoursAgo: 14,
    hours: 2,
    delegates: 0,
    live: 2,
  },
  { ...office, name: 'docs-site', models: ['claude-sonnet-5-5'], perDay: 18, delegates: 0, searches: 0.15, live: 1 },
  // A hobby, partly on a model of one's own that has no price.
  {
    ...office,
    name: 'field-notes',
    models: ['local-coder-30b', AGENT_MODEL],
    perDay: 8,
    weekend: 4,
    hours: 5,
    delegates: 0,
    live: 1,
  },
  { ...office, name: 'release-train', models: ['claude-sonnet-5-5'], perDay: 0, live: 1 },
]
