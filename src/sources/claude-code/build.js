// Builds the walker for Claude Code's lines.
import { buildWalker } from '../../decode/build.js'

const folder = 'src/sources/claude-code'

export default function buildOwnWalker() {
  return buildWalker(`${folder}/walker/index.ts`, `${folder}/walker-layout.ts`, 'dist/walker.wasm')
}
