// Bundles the program: read as single files, its modules and libraries take most of the time that a start takes.
// What holds native code, or is hardly ever needed, stays outside and is found in node_modules.
import { copyFileSync } from 'node:fs'
import { defineConfig } from 'rolldown'

const outside = ['lmdb', '@node-rs/bcrypt', '@parcel/watcher', 'fs-native-extensions', 'piscina', 'pino-pretty', 'chokidar', 'cli-progress', 'simdjson']

export default defineConfig({
  input: {
    main: 'src/main.ts',
    worker: 'src/worker/worker.ts',
    // For bench/decode.js.
    'parse-file': 'src/worker/parse-file.ts',
    sources: 'src/sources/index.ts',
  },
  platform: 'node',
  external: outside,
  output: {
    dir: 'dist',
    cleanDir: true,
    // Files that the program reads lie beside all of its parts.
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  },
  plugins: [
    {
      name: 'files beside the program',
      writeBundle: () => ['src/prices.json', 'src/decode/walker.wasm'].forEach((file) => copyFileSync(file, `dist/${file.split('/').at(-1)}`)),
    },
  ],
})
