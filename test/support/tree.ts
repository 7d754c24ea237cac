// Config directories in a temporary folder, planted from a map of paths; gone when the test file is done.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'

/** Path below `projects/` (or, with a leading `/`, below the config directory) → content. */
export type Files = Readonly<Record<string, string | Buffer>>

/** A fresh folder, removed after the tests of the file that asked for it. */
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
