// Builds the walker: AssemblyScript to WebAssembly. The numbers that both sides know are a module that is made here, from
// the program's own.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'rolldown'

const folder = 'src/sources/claude-code'
const options = ['--outFile', 'dist/walker.wasm', '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd']

/**
 * @typedef {(name: string, base: string) => string | Promise<string | null>} ReadFile
 * @typedef {(args: string[], api: { readFile: ReadFile }) => Promise<{ error: Error | null, stderr: { toString(): string } }>} Main
 */
// Imported by a variable: the types of the package declare globals of AssemblyScript, which would replace those of JavaScript.
const compiler = 'assemblyscript/asc'
/** @type {{ default: { main: Main } }} */
const { default: asc } = await import(compiler)

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
    readFile: (name, base) =>
      name === `${folder}/walker/generated.ts` ? generated : readFile(join(base, name), 'utf8').catch(() => null),
  })
  if (error === null) return
  process.stderr.write(stderr.toString())
  throw error
}
