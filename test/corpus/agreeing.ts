// Real logs of one agent: all of them together, and every file alone, must give the counts of its reference.
// AUE_CORPUS names a folder of `<source>/<agent's folder>/…`; the default is the excerpts in test/fixtures/real/.
import { cpSync, existsSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { filesBelow } from '../reference/files.js'
import type { Sums } from '../reference/sums.js'
import { once } from '../support/program.js'
import { comparable, shown } from '../support/shown.js'
import { temporaryFolder } from '../support/tree.js'

/** Resolved, because the references name files by their real paths. */
export const corpus = realpathSync(
  process.env.AUE_CORPUS ?? fileURLToPath(new URL('../fixtures/real', import.meta.url)),
)

interface Agreeing {
  /** Path of the directory given to the flag, below the folder of a source. */
  readonly directory: string
  readonly flag: string
  readonly reference: (directories: readonly string[]) => Sums
}

export function agreesOnCorpus({ directory, flag, reference }: Agreeing): void {
  const folder = temporaryFolder()
  const found = readdirSync(corpus)
    .map((source) => join(corpus, source, directory))
    .filter((path) => existsSync(path))

  const agrees = async (directories: readonly string[]): Promise<void> => {
    const { perModel, perProjectModel } = shown(
      await once([], { flags: directories.map((each) => `--${flag}=${each}`) }),
    )
    const expected = reference(directories)
    expect(comparable(perProjectModel)).toEqual(comparable(expected.perProjectModel))
    expect(comparable(perModel)).toEqual(comparable(expected.perModel))
  }

  it('the corpus has logs of this agent', () => {
    expect(reference(found).perModel.size).toBeGreaterThan(0)
  })

  describe.concurrent('the program', () => {
    it('counts all real logs together as the reference does', () => agrees(found))

    it.each(found.flatMap((each) => filesBelow(each).map(({ path }) => [relative(corpus, path), each, path] as const)))(
      'counts %s alone as the reference does',
      async (_, from, path) => {
        const alone = mkdtempSync(join(folder, 'alone-'))
        cpSync(path, join(alone, relative(from, path)))
        await agrees([alone])
      },
    )
  })
}
