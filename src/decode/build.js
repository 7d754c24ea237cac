// Compiles walkers from AssemblyScript to WebAssembly. The constants that both sides share are generated from the
// program's own as a module.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'rolldown'

const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd']

/**
 * @typedef {(name: string, base: string) => string | Promise<string | null>} ReadFile
 * @typedef {(args: string[], api: { readFile: ReadFile }) => Promise<{ error: Error | null, stderr: { toString(): string } }>} Main
 */
// Imported through a variable: the package's types declare AssemblyScript's globals, which would replace JavaScript's.
const compiler = 'assemblyscript/asc'
/** @type {{ default: { main: Main } }} */
const { default: asc } = await import(compiler)

/** Builds the walker that reads the fields of any agent's lines. */
export default function buildFieldWalker() {
  return buildWalker('src/decode/walker/lines.ts', 'src/decode/field-layout.ts', 'dist/fields.wasm')
}

/**
 * @param {string} entry path of the AssemblyScript module; it and its imports may import `./generated`
 * @param {string} layout path of a module that exports `generatedModule`
 * @param {string} out path of the WebAssembly file
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
