// Bundles the program: read as single files, its modules and libraries take most of the time that a start takes.
// What holds native code, or is hardly ever needed, stays outside and is found in node_modules. Not left to the bundler's
// command, which prints a table of two dozen files whatever its log level: who starts the program should see its address.
import { copyFileSync, existsSync, readdirSync } from 'node:fs'
import { build } from 'rolldown'

const outside = [
  '@node-rs/bcrypt',
  '@parcel/watcher',
  'fs-native-extensions',
  'piscina',
  'pino-pretty',
  'chokidar',
  'cli-progress',
  'simdjson',
]

/** @satisfies {import('rolldown').BuildOptions} */
const common = {
  logLevel: 'warn',
  platform: 'node',
  external: outside,
  // ES modules where a package has both: of OpenTelemetry's, only what is used gets into the bundle.
  resolve: { mainFields: ['module', 'main'] },
  plugins: [
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
const bundles = [
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
]
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
