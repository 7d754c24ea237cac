// Type-aware rules, the purity of the core, and the places that may name agents. .dependency-cruiser.js checks imports.
import tseslint from 'typescript-eslint'
import { noAgentWords } from './lint/agent-words.js'
import { HOST_GLOBALS } from './lint/host-globals.js'

const CLOCK = 'core/ reads no clock: the time is an argument.'
const CHANCE = 'core/ uses no randomness.'

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
      // `!` is needed after a bounds check on a typed array, which noUncheckedIndexedAccess does not recognise.
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
        ...HOST_GLOBALS.map((name) => ({ name, message: 'core/ is pure: it uses nothing of Node.js.' })),
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
  // The SDK deprecates the first schema of dashboards, which every Grafana in use reads.
  { files: ['grafana/**'], rules: { '@typescript-eslint/no-deprecated': 'off' } },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
  // AssemblyScript has the syntax of TypeScript but other types, which asc checks.
  {
    files: ['src/decode/walker/**', 'src/sources/*/walker/**'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { parserOptions: { projectService: false } },
    // It has no type-only imports.
    rules: { ...tseslint.configs.disableTypeChecked.rules, '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['test/**', 'bench/**'],
    rules: {
      'no-console': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.property.name=toMatchObject] :matches(Property, ArrayExpression) > :matches(ObjectExpression[properties.length=0], Literal[regex])',
          message: 'toMatchObject accepts anything there. Use expect.stringMatching, or toEqual.',
        },
      ],
    },
  },
)
