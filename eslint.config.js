// Type-aware rules, and the direction of imports: the core imports only itself, edges do not import each other.
import tseslint from 'typescript-eslint'

const edges = ['sources', 'decode', 'worker', 'ingest', 'store', 'metrics', 'http']
const edgesBut = (...allowed) => edges.filter((edge) => !allowed.includes(edge)).map((edge) => `**/${edge}/**`)
const restrict = (files, patterns, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }] },
})

export default tseslint.config(
  // AssemblyScript looks like TypeScript and is none: asc checks it.
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'src/sources/claude-code/walker/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js', 'build.js'] } } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `!` after a bounds check on a typed array says what the code knows; noUncheckedIndexedAccess cannot see it.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/config/config.ts', 'src/main.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'config.ts is the only reader of the environment.' },
      ],
    },
  },
  restrict(
    ['src/core/**'],
    ['node:*', ...edgesBut(), '**/app/**', '**/config/**', '**/outputs/**', '**/prices/**', '**/process/**'],
    'core/ is pure: it imports nothing but itself.',
  ),
  restrict(
    ['src/sources/**', 'src/decode/**'],
    edgesBut('sources', 'decode'),
    'Edges import the core, not each other.',
  ),
  restrict(['src/worker/**'], edgesBut('sources', 'decode', 'worker'), 'Workers run sources apart; nothing else.'),
  restrict(
    ['src/ingest/**'],
    edgesBut('ingest', 'worker', 'sources', 'store'),
    'Edges import the core, not each other.',
  ),
  restrict(['src/store/**'], edgesBut('store'), 'Edges import the core, not each other.'),
  restrict(['src/metrics/**'], edgesBut('metrics'), 'Edges import the core, not each other.'),
  restrict(['src/http/**'], edgesBut('http'), 'Edges import the core, not each other.'),
  restrict(
    ['src/demo/**'],
    [...edgesBut(), '**/core/**'],
    'The demo writes logs; of those who read them it knows nothing.',
  ),
  // The SDK would rather have the second schema of dashboards; the first is read by every Grafana in use.
  { files: ['grafana/**'], rules: { '@typescript-eslint/no-deprecated': 'off' } },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
  { files: ['test/**', 'bench/**'], rules: { 'no-console': 'off' } },
)
