import { buildWalker } from './src/decode/build.js'
await buildWalker('src/decode/walker/lines.ts', 'src/decode/field-layout.ts', process.argv[2])
