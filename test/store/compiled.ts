// Compiles src/store and store-process.ts into a temporary folder, so that child processes can run them on every Node
// version without the build.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Returns the folder, which the caller must remove, and the program in it. */
export function compileStoreProcess(): { readonly folder: string; readonly program: string } {
  const folder = mkdtempSync(join(tmpdir(), 'store-process-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const sources = readdirSync(join(root, 'src/store')).map((name) => `src/store/${name}`)
  const others = ['core/tables/table', 'process/make-directory'].map((name) => `src/${name}.ts`)
  for (const source of [...sources, ...others, 'test/store/book.ts', 'test/store/store-process.ts']) {
    const target = join(folder, source.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(target), { recursive: true })
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true }
    const text = readFileSync(join(root, source), 'utf8')
    writeFileSync(target, ts.transpileModule(text, { compilerOptions }).outputText)
  }
  return { folder, program: join(folder, 'test/store/store-process.js') }
}
