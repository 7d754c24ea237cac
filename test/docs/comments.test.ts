// Comments refer only to files that exist.
import { expect, it } from 'vitest'
import { below, files, read } from './repository.js'

const COMMENT = /^\s*(?:\/\/|\/?\*).*$|\s\/\/ .*$/gm
const FILE = /(?<![\w./*-])(?:[\w-]+\/)*[\w-]+(?:\.[\w-]+)*\.tsx?\b/g

/** Files that the comments of a text name and that the repository does not contain. */
function missing(text: string): string[] {
  const named = (text.match(COMMENT) ?? []).flatMap((comment) => comment.match(FILE) ?? [])
  return named.filter((name) => !files.some((file) => `/${file}`.endsWith(`/${name}`)))
}

it('missing() finds files that do not exist, named with or without their folder', () => {
  const text =
    "import './gone.js' // as core/cursor.ts\n/** See cursor.ts, gone.ts */\n * src/cursor.ts\nconst a = 'none.ts'\n"
  expect(missing(text)).toEqual(['gone.ts', 'src/cursor.ts'])
})

it('every file that a comment names exists', () => {
  const found = ['src/', 'lint/', 'bench/', 'test/', 'build.js', 'eslint.config.js', '.dependency-cruiser.js']
    .flatMap(below)
    .filter((path) => /\.[jt]s$/.test(path) && path !== 'test/docs/comments.test.ts')
    .flatMap((path) => missing(read(path)).map((name) => `${path}: ${name}`))
  expect(found).toEqual([])
})
