// Bundles the program: loading its modules and libraries as single files would take most of the time of a start.
// Packages with native code are not bundled, and loaded from node_modules.
// The bundler's command is not used, because at any log level it prints a table of two dozen files, which would hide
// the address that the program prints when it is built and started at once.
import { copyFileSync, existsSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

/** The packages installed with the program, according to package.json; simdjson is an optional peer. */
const { dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const outside = [...Object.keys(dependencies), ...Object.keys(peerDependencies)]

/** Licences of packages that are bundled in whole or in part, because users do not get these packages themselves. */
export const NOTICES = 'dist/THIRD-PARTY-NOTICES.txt'
/** Compilers that add their own code to their output. */
const COMPILERS = ['rolldown', 'assemblyscript']
/** Folders of all bundled packages. */
const bundled = new Set(COMPILERS.map((name) => resolve('node_modules', name)))

/**
 * What commander gets instead of modules of Node whose loading takes 4 ms of each start: it runs subcommands that are
 * programs of their own, which ours are not, and uses the global `process`.
 * @type {ReadonlyMap<string, string>}
 */
const REPLACED = new Map([
  ['node:child_process', 'module.exports = {}'],
  ['node:process', 'module.exports = process'],
])
const COMMANDER = /[\\/]node_modules[\\/]commander[\\/]/

/** @satisfies {import('rolldown').BuildOptions} */
const common = {
  logLevel: 'warn',
  platform: 'node',
  external: outside,
  // Prefers ES modules if a package has both formats, so that only the used parts of OpenTelemetry are bundled.
  resolve: { mainFields: ['module', 'main'] },
  plugins: [
    {
      name: 'bundled packages',
      generateBundle(_, files) {
        const chunks = Object.values(files).filter((file) => file.type === 'chunk')
        for (const { moduleIds } of chunks) for (const id of moduleIds) addPackageOf(id)
      },
    },
    {
      name: 'modules of Node for commander',
      resolveId: (id, importer) => (REPLACED.has(id) && COMMANDER.test(importer ?? '') ? `\0${id}` : null),
      load: (id) => REPLACED.get(id.slice(1)) ?? null,
    },
    {
      // All parts of the program look for this file beside themselves.
      name: 'files beside the program',
      writeBundle: () => copyFileSync('src/prices/prices.json', 'dist/prices.json'),
    },
  ],
}
const output = {
  dir: 'dist',
  chunkFileNames: '[name].js',
  // Names of functions and classes are kept, because stack traces and error names show them; private members lose theirs.
  minify: { compress: true, mangle: { keepNames: true }, codegen: { removeWhitespace: true } },
}

/** @type {import('rolldown').BuildOptions[]} */
export const bundles = [
  {
    ...common,
    input: {
      main: 'src/main.ts',
      // For bench/decode.js.
      'parse-file': 'src/worker/parse-file.ts',
      sources: 'src/sources/index.ts',
    },
    output: { ...output, entryFileNames: '[name].js', cleanDir: true },
  },
  {
    ...common,
    input: { worker: 'src/worker/worker.ts' },
    // Not an ES module, so that threads start without loading the loader of ES modules.
    output: { ...output, format: 'cjs', exports: 'named', entryFileNames: '[name].cjs', codeSplitting: false },
  },
  {
    ...common,
    // Not an ES module, so that a configuration file can be read synchronously.
    input: { yaml: 'yaml' },
    output: { ...output, format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
  },
]

/** Adds the package of a bundled module. @param {string} id path of the module */
function addPackageOf(id) {
  const [folder] = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id) ?? []
  if (folder !== undefined) bundled.add(folder)
}

/** The licence texts, each below the names of its packages. @throws if a package has no licence text */
function notices() {
  /** @type {Map<string, string[]>} */
  const byText = new Map()
  for (const folder of bundled) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice)\b/i.test(file))
    if (files.length === 0) throw new Error(`${name} is bundled, and its package has no licence text`)
    const text = files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n')
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`])
  }
  const parts = [...byText].map(([text, packages]) => ({ heading: packages.sort().join('\n'), text }))
  parts.sort((a, b) => (a.heading < b.heading ? -1 : 1))
  const line = '-'.repeat(80)
  const beginning = 'The program contains these packages, in whole or in part, under the licences below their names.\n'
  return beginning + parts.map(({ heading, text }) => `\n${line}\n${heading}\n${line}\n\n${text}\n`).join('')
}

async function buildAll() {
  // One after another, because the first build empties the folder.
  for (const bundle of bundles) await build(bundle)

  // The field walker, and the walkers of single sources.
  const folders = ['src/decode', ...readdirSync('src/sources').map((source) => `src/sources/${source}`)]
  for (const folder of folders) {
    const script = `./${folder}/build.js`
    if (!existsSync(script)) continue
    /** @type {{ default: () => Promise<void> }} */
    const { default: buildMore } = await import(script)
    await buildMore()
  }
  writeFileSync(NOTICES, notices())
}

// A test imports `bundles` without building.
if (realpathSync(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) await buildAll()
