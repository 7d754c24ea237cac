// The files of the repository, for tests that compare its documentation with them.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('../../', import.meta.url))

const list = (...flags: string[]): string[] =>
  execFileSync('git', ['ls-files', '-z', ...flags], { cwd: repository, encoding: 'utf8' })
    .split('\0')
    .filter(Boolean)

/** Paths from the top, with `/`: tracked files, and untracked ones that git does not ignore. */
export const files: readonly string[] = [
  ...new Set([...list(), ...list('--others', '--exclude-standard')].filter((path) => existsSync(repository + path))),
]

/** Whether the file is text. */
export const isText = (file: string): boolean => !/\.(?:png|gz|pem)$/.test(file)

export const read = (path: string): string => readFileSync(repository + path, 'utf8')

/** The files below a folder, or the file itself. */
export const below = (path: string): readonly string[] =>
  files.filter((file) => file === path || file.startsWith(path.endsWith('/') ? path : `${path}/`))

/** The text of a section, without its heading. */
export function section(text: string, heading: string): string {
  const [, rest] = text.split(`\n## ${heading}\n`)
  if (rest === undefined) throw new Error(`no section "${heading}"`)
  return rest.split(/\n## /)[0]!
}
