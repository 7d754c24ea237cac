// The rooms of src/, and which of them each may import. Read by .dependency-cruiser.js, which holds the code to it, and by
// test/docs/rooms.test.ts, which holds src/README.md to it.

/**
 * A room may import its own files, the leaves, and the rooms named here. The core imports nothing else: no package, and
 * nothing of Node.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const ROOMS = {
  core: [],
  process: [],
  prices: ['core'],
  decode: ['core'],
  sources: ['core', 'decode'],
  worker: ['core', 'decode', 'sources'],
  ingest: ['core', 'sources', 'worker'],
  store: ['core'],
  metrics: ['core'],
  outputs: ['core', 'metrics'],
  reports: ['core', 'metrics'],
  http: ['core'],
  demo: ['core', 'sources'],
  config: ['core', 'decode', 'sources'],
}

/** The composition root: the one room that sees all others, and that only main.ts sees. */
export const ROOT = 'app'

/** What main.ts may import, and only when it has seen that this Node.js can. */
export const MAIN = ['app']

/** Files of sources/ that name every agent, a line each. */
export const REGISTRIES = ['index', 'demo-writers']

/** Files that every room but core may import. They import nothing of src/ but each other. */
export const LEAVES = [
  'process/log',
  'process/clock',
  'process/follow',
  'config/config-error',
  'config/validation-message',
  'config/yaml-file',
]
