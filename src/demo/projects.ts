// The made-up projects, each with its own pattern, so that boards show differences.
import type { DemoProject } from '../sources/demo-writer.js'

export interface Project extends DemoProject {
  /** Responses on a working day in the middle of the history; 0: the project begins while the demo runs. */
  readonly perDay: number
  /** Share of that on Saturdays and Sundays. */
  readonly weekend: number
  /** Factor of growth from the start of the history to its end. */
  readonly growth: number
  /** Work of a day ends this many hours before the time of day of the start, and lasts this many hours. */
  readonly endsHoursAgo: number
  readonly hours: number
  /** Share of its sessions that start a sub-agent. */
  readonly delegates: number
  /** How much it does while the demo runs, relative to the others. */
  readonly live: number
}

const office = { weekend: 0.15, growth: 1, endsHoursAgo: 0, hours: 9, delegates: 0.3, searches: 0, live: 3 }

export const PROJECTS: readonly Project[] = [
  {
    ...office,
    name: 'harbor-api',
    models: ['large', 'large', 'medium'],
    perDay: 65,
    delegates: 0.7,
  },
  { ...office, name: 'orchard-web', models: ['medium', 'medium', 'large'], perDay: 55 },
  // The project whose cost gets out of hand.
  {
    ...office,
    name: 'ledger-migration',
    models: ['largest', 'large'],
    perDay: 35,
    growth: 9,
    live: 4,
  },
  {
    ...office,
    name: 'nightly-evals',
    models: ['small'],
    perDay: 45,
    weekend: 1,
    endsHoursAgo: 14,
    hours: 2,
    delegates: 0,
    live: 2,
  },
  { ...office, name: 'docs-site', models: ['medium'], perDay: 18, delegates: 0, searches: 0.15, live: 1 },
  // A hobby, partly on a self-hosted model without a price.
  {
    ...office,
    name: 'field-notes',
    models: ['local', 'small'],
    perDay: 8,
    weekend: 4,
    hours: 5,
    delegates: 0,
    live: 1,
  },
  { ...office, name: 'release-train', models: ['medium'], perDay: 0, live: 1 },
]
