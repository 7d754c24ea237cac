// Bundles the program: read as single files, its modules and libraries take most of the time that a start takes.
// What holds native code, or starts threads from files of its own, stays outside and is found in node_modules. Not left to
// the bundler's command, which prints a table of two dozen files whatever its log level: who starts the program should see
// its address.
import { copyFileSync, existsSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

/** What package.json names for those who install the program; simdjson is an optional peer. */
const { dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const outside = [...Object.keys(dependencies), ...Object.keys(peerDependencies)]

/** Licences of packages that are bundled whole or in part, for whoever gets the program and not them. */
export const NOTICES = 'dist/THIRD-PARTY-NOTICES.txt'
/** Compilers that add code of their own to what they emit. */
const COMPILERS = ['rolldown', 'assemblyscript']
/** The folders of all packages that are bundled. */
const bundled = new Set(COMPILERS.map((name) => resolve('node_modules', name)))

/** @satisfies {import('rolldown').BuildOptions} */
const common = {
  logLevel: 'warn',
  platform: 'node',
  external: outside,
  // ES modules where a package has both: of OpenTelemetry's, only what is used gets into the bundle.
  resolve: { mainFields: ['module', 'main'] },
  plugins: [
    {
      name: 'packages that are bundled',
      generateBundle(_, files) {
        const chunks = Object.values(files).filter((file) => file.type === 'chunk')
        for (const { moduleIds } of chunks) for (const id of moduleIds) addPackageOf(id)
      },
    },
    {
      // The program looks for them beside all of its parts.
      name: 'files beside the program',
      writeBundle: () => copyFileSync('src/prices/prices.json', 'dist/prices.json'),
    },
  ],
}
const output = {
  dir: 'dist',
  chunkFileNames: '[name].js',
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
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
    // Not an ES module: Node 20 ends the process when a thread is stopped while it loads one by `require` (IsGraphAsync),
    // which is how the pool loads it.
    output: { ...output, format: 'cjs', exports: 'named', entryFileNames: '[name].cjs', codeSplitting: false },
  },
  {
    ...common,
    // Not an ES module, so that a file of settings can be read synchronously.
    input: { yaml: 'yaml' },
    output: { ...output, format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
  },
]

/** @param {string} id path of a module */
function addPackageOf(id) {
  const [folder] = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id) ?? []
  if (folder !== undefined) bundled.add(folder)
}

/** One licence text after the other, each below the packages that have it. @throws if a package has none */
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
  // One after the other: the first empties the folder.
  for (const bundle of bundles) await build(bundle)

  // The walkers: that of any agent's fields, and those that a source has of its own.
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

// A test reads what is bundled, and builds nothing.
if (realpathSync(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) await buildAll()
