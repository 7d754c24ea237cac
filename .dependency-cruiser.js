// The direction of imports. The rules are derived from lint/rooms.js; type-only imports count, too.
import { LEAVES, MAIN, REGISTRIES, ROOMS, ROOT } from './lint/rooms.js'

const leaves = `^src/(${LEAVES.join('|')})[.]ts$`
/** @param {readonly string[]} rooms */
const within = (rooms) => `^src/(${rooms.join('|')})/`
// A source's own folder; $1 is its name.
const agent = '^src/sources/([^/]+)/'

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const edges = Object.entries(ROOMS)
  .filter(([room]) => room !== 'core')
  .map(([room, others]) => ({
    name: `${room}-imports`,
    comment: `${room}/ may import ${[room, ...others].join(', ')} and the leaves.`,
    severity: 'error',
    from: { path: within([room]), pathNot: leaves },
    to: { path: '^src/', pathNot: [within([room, ...others]), leaves] },
  }))

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'core-imports',
      comment: 'core/ is pure: it imports only itself, no package and nothing of Node.js.',
      severity: 'error',
      from: { path: within(['core']) },
      to: { pathNot: within(['core']) },
    },
    ...edges,
    {
      name: 'leaf-imports',
      comment: 'A leaf imports only other leaves from src/, so that every room may import it.',
      severity: 'error',
      from: { path: leaves },
      to: { path: '^src/', pathNot: leaves },
    },
    {
      name: 'main-imports',
      comment: `main.ts may import ${MAIN.join(' and ')}.`,
      severity: 'error',
      from: { path: '^src/main[.]ts$' },
      to: { path: '^src/', pathNot: within(MAIN) },
    },
    {
      name: 'main-is-imported',
      comment: 'main.ts is the entry point; nothing imports it.',
      severity: 'error',
      from: {},
      to: { path: '^src/main[.]ts$' },
    },
    {
      name: 'agent-is-imported',
      comment: "Everything outside a source's folder is agent-agnostic: only registries import from it.",
      severity: 'error',
      from: { path: '^src/', pathNot: [agent, `^src/sources/(${REGISTRIES.join('|')})[.]ts$`] },
      to: { path: agent },
    },
    {
      name: 'agent-imports-agent',
      comment: 'A source does not import another one.',
      severity: 'error',
      from: { path: agent },
      to: { path: agent, pathNot: '^src/sources/$1/' },
    },
    {
      name: 'unknown-room',
      comment: 'A new room needs a row in lint/rooms.js and in src/README.md.',
      severity: 'error',
      from: { path: '^src/.', pathNot: ['^src/main[.]ts$', within([...Object.keys(ROOMS), ROOT])] },
      to: {},
    },
    {
      name: 'circle',
      comment: 'Imports must not form a cycle.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'outside',
      comment: 'src/ imports only packages and existing files of its own.',
      severity: 'error',
      // asc resolves the imports of the walkers.
      from: { path: '^src/', pathNot: '^src/(decode|sources/[^/]+)/walker/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
}
