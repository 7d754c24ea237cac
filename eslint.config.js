// Type-aware rules, the purity of the core, and where agents may be named. .dependency-cruiser.js has the direction of imports.
import tseslint from 'typescript-eslint'
import { noAgentWords } from './lint/agent-words.js'
import { HOST_GLOBALS } from './lint/host-globals.js'

const CLOCK = 'core/ asks no clock: the time is an argument.'
const CHANCE = 'core/ leaves nothing to chance.'

export default tseslint.config(
  { ignores: ['dist/', '**/node_modules/', 'coverage/', 'test/grafana/drawing/*.js'] },
  ...tseslint.configs.strictTypeChecked,
  {
    plugins: { house: { rules: { 'no-agent-words': noAgentWords } } },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'house/no-agent-words': 'error',
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
  {
    files: ['src/core/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...HOST_GLOBALS.map((name) => ({ name, message: 'core/ is pure: it knows nothing of Node.' })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: CLOCK },
        { object: 'Math', property: 'random', message: CHANCE },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: CLOCK },
        { selector: 'CallExpression[callee.name="Date"]', message: CLOCK },
      ],
    },
  },
  // The SDK would rather have the second schema of dashboards; the first is read by every Grafana in use.
  { files: ['grafana/**'], rules: { '@typescript-eslint/no-deprecated': 'off' } },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
  // AssemblyScript looks like TypeScript, and its types are others: asc checks them.
  {
    files: ['src/decode/walker/**', 'src/sources/*/walker/**'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { parserOptions: { projectService: false } },
    // It knows no imports of types only.
    rules: { ...tseslint.configs.disableTypeChecked.rules, '@typescript-eslint/consistent-type-imports': 'off' },
  },
  { files: ['test/**', 'bench/**'], rules: { 'no-console': 'off' } },
)
