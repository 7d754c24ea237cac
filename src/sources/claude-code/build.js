// Builds the walker: AssemblyScript to WebAssembly. The numbers that both sides know are a module that is made here, from
// the program's own.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'
import { build } from 'rolldown'

const folder = 'src/sources/claude-code'
const options = ['--outFile', 'dist/walker.wasm', '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd']

export default async function buildWalker() {
  const { output } = await build({
    input: `${folder}/walker-layout.ts`,
    platform: 'node',
    logLevel: 'warn',
    write: false,
  })
  /** @type {typeof import('./walker-layout.js')} */
  const { generatedModule } = await import(`data:text/javascript,${encodeURIComponent(output[0].code)}`)
  const generated = generatedModule()
  const { error, stderr } = await asc.main([`${folder}/walker/index.ts`, ...options], {
    /** @type {(name: string, base: string) => string | Promise<string | null>} */
    readFile: (name, base) =>
      name === `${folder}/walker/generated.ts` ? generated : readFile(join(base, name), 'utf8').catch(() => null),
  })
  if (error === null) return
  process.stderr.write(stderr.toString())
  throw error
}
