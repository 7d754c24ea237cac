// Config directories in a temporary folder, written from a map of paths and removed after the test file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'

/** Path below `projects/` (or, with a leading `/`, below the config directory) → content. */
export type Files = Readonly<Record<string, string | Buffer>>

/** Creates a folder, which is removed after the tests of the calling file. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'agent-usage-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Writes the files and returns the config directory. */
export function plant(configDir: string, files: Files): string {
  mkdirSync(join(configDir, 'projects'), { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    const target = path.startsWith('/') ? join(configDir, path) : join(configDir, 'projects', path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, content)
  }
  return configDir
}
