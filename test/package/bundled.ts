// The packages in the bundles, from their source maps: those whose code is included, and those that are imported.
import { isBuiltin } from 'node:module'
import { dirname, resolve } from 'node:path'
import { build } from 'rolldown'
import { bundles } from '../../build.js'

/** Folders of packages whose code is in the bundles. */
export const bundledFolders = new Set<string>()
/** Names of packages that the bundles import. */
export const importedPackages = new Set<string>()

for (const bundle of bundles) {
  const { dir, ...output } = bundle.output as { dir: string }
  // Nothing is written: tests that run at the same time use the existing build.
  const { output: files } = await build({
    ...bundle,
    plugins: [],
    write: false,
    // Not mangled, so that `require` keeps its name.
    output: { ...output, dir, sourcemap: true, minify: { compress: true, mangle: false } },
  })
  for (const file of files) {
    if (file.type !== 'chunk') continue
    for (const source of file.map?.sources ?? []) {
      const path = resolve(dirname(resolve(dir, file.fileName)), source)
      const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []
      if (folder !== undefined) bundledFolders.add(folder)
    }
    const own = new Set(files.map(({ fileName }) => fileName))
    const required = [...file.code.matchAll(/require\w*\((?:import\.meta\.url\)\()?[`'"]([^`'"]+)[`'"]\)/gi)]
    for (const name of [...file.imports, ...file.dynamicImports, ...required.map(([, name]) => name!)]) {
      if (!own.has(name) && !name.startsWith('#') && !isBuiltin(name)) importedPackages.add(name)
    }
  }
}
