// Builds the walker of Codex's lines.
import { buildWalker } from '../../decode/build.js'

const folder = 'src/sources/codex'

export default function buildOwnWalker() {
  return buildWalker(`${folder}/walker/index.ts`, `${folder}/walker-layout.ts`, 'dist/codex.wasm')
}
