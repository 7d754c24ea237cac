// Builds walkers: AssemblyScript to WebAssembly. The numbers that both sides know are a module that is made here, from the
// program's own.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'rolldown'

const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd']

/**
 * @typedef {(name: string, base: string) => string | Promise<string | null>} ReadFile
 * @typedef {(args: string[], api: { readFile: ReadFile }) => Promise<{ error: Error | null, stderr: { toString(): string } }>} Main
 */
// Imported by a variable: the types of the package declare globals of AssemblyScript, which would replace those of JavaScript.
const compiler = 'assemblyscript/asc'
/** @type {{ default: { main: Main } }} */
const { default: asc } = await import(compiler)

/** The walker that reads the fields of any agent. */
export default function buildFieldWalker() {
  return buildWalker('src/decode/walker/lines.ts', 'src/decode/field-layout.ts', 'dist/fields.wasm')
}

/**
 * @param {string} entry in AssemblyScript; every module that it reaches may import `./generated`
 * @param {string} layout exports `generatedModule`
 * @param {string} out
 */
export async function buildWalker(entry, layout, out) {
  const { output } = await build({ input: layout, platform: 'node', logLevel: 'warn', write: false })
  /** @type {{ generatedModule: () => string }} */
  const { generatedModule } = await import(`data:text/javascript,${encodeURIComponent(output[0].code)}`)
  const generated = generatedModule()
  const { error, stderr } = await asc.main([entry, '--outFile', out, ...options], {
    readFile: (name, base) =>
      name.endsWith('/walker/generated.ts') ? generated : readFile(join(base, name), 'utf8').catch(() => null),
  })
  if (error === null) return
  process.stderr.write(stderr.toString())
  throw error
}
