// The rooms of src/, and the rooms that each may import. .dependency-cruiser.js checks the code against this list, and
// test/docs/rooms.test.ts checks src/README.md.

/**
 * A room may import its own files, the leaves and the rooms named here. core/ imports nothing else: no leaf, no package and
 * nothing of Node.js.
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

/** The composition root: the only room that may import all others, and that only main.ts imports. */
export const ROOT = 'app'

/** The room that main.ts may import, after it has checked the version of Node.js. */
export const MAIN = ['app']

/** Files of sources/ that name every agent, one per line. */
export const REGISTRIES = ['index', 'demo-writers']

/** Files that every room except core may import. Of src/, they import only each other. */
export const LEAVES = [
  'process/log',
  'process/clock',
  'process/follow',
  'process/make-directory',
  'config/config-error',
  'config/validation-message',
  'config/yaml-file',
]
