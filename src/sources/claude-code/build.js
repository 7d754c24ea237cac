// Builds the walker: AssemblyScript to WebAssembly. The numbers that both sides know are a module that is made here, from
// the program's own.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'rolldown'

/**
 * What is used of AssemblyScript's compiler. Its own types would change those of arrays and strings in the whole program, so
 * TypeScript must not see where it comes from.
 * @typedef {(name: string, base: string) => string | Promise<string | null>} ReadFile
 * @typedef {{ error: Error | null, stderr: { toString(): string } }} Result
 * @typedef {{ main(args: string[], files: { readFile: ReadFile }): Promise<Result> }} Compiler
 */
/** @type {string} */
const compiler = 'assemblyscript/asc'

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
  /** @type {{ default: Compiler }} */
  const { default: asc } = await import(compiler)
  const { error, stderr } = await asc.main([`${folder}/walker/index.ts`, ...options], {
    readFile: (name, base) =>
      name === `${folder}/walker/generated.ts` ? generated : readFile(join(base, name), 'utf8').catch(() => null),
  })
  if (error === null) return
  process.stderr.write(stderr.toString())
  throw error
}
