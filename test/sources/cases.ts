// Numbered cases of a log format, each checked twice: files → built program → exposition, and files → independent
// reference. The program reads the files of a case at once, and again in two steps with a restart in between.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Sums } from '../reference/sums.js'
import { once } from '../support/program.js'
import { comparable, shown } from '../support/shown.js'
import { temporaryFolder } from '../support/tree.js'

export interface AgentCase {
  /** The number of the case in the format's table, and what it shows. */
  readonly name: string
  /** File content by path below the directory that the flag names. */
  readonly files: Readonly<Record<string, string>>
  /** model → `requests; in/out/w5/w1h/read; USD`; empty: no series at all. */
  readonly models: Readonly<Record<string, string>>
  readonly projects?: readonly string[]
  /** Models with unpriced tokens; not checked if undefined. */
  readonly unpriced?: readonly string[]
}

export interface Held {
  /** The flag that names the directory. */
  readonly flag: string
  readonly reference: (directory: string) => Sums
}

export function casesHold(cases: readonly AgentCase[], { flag, reference }: Held): void {
  const folder = temporaryFolder()
  const counted = async (directory: string, stateDir = 'none') =>
    shown(await once([], { stateDir, flags: [`--${flag}=${directory}`] }))

  describe('the reference counts what the table says', () => {
    it.each(cases.map((one, at) => [one.name, one, at] as const))('%s', (_, one, at) => {
      const { perModel, perProjectModel } = reference(planted(join(folder, 'reference', String(at)), one.files))
      expect(comparable(perModel)).toEqual(expected(one))
      if (one.projects) expect(projectsOf(perProjectModel)).toEqual(one.projects)
    })
  })

  describe.concurrent('the program counts what the table says', () => {
    it.each(cases.map((one, at) => [one.name, one, at] as const))('%s', async (_, one, at) => {
      const found = await counted(planted(join(folder, 'whole', String(at)), one.files))
      expect(comparable(found.perModel)).toEqual(expected(one))
      if (one.projects) expect(found.projects).toEqual(one.projects)
      if (one.unpriced) expect([...found.unpricedTokens.keys()].sort()).toEqual(one.unpriced)
    })

    it.each(cases.map((one, at) => [one.name, one, at] as const))('%s, read in two steps', async (_, one, at) => {
      const directory = join(folder, 'grown', String(at))
      const stateDir = join(folder, 'states', String(at))
      const cut = Object.entries(one.files).map(([path, text]) => [path, text.slice(0, 0.7 * text.length)] as const)
      await counted(planted(directory, Object.fromEntries(cut)), stateDir)
      const found = await counted(planted(directory, one.files), stateDir)
      expect(comparable(found.perModel)).toEqual(expected(one))
    })
  })
}

function planted(directory: string, files: AgentCase['files']): string {
  mkdirSync(directory, { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), content)
  }
  return directory
}

function expected({ models }: AgentCase): Record<string, string> {
  return Object.fromEntries(Object.entries(models).map(([model, text]) => [model, `${text}; 0 searches`]))
}

function projectsOf(perProjectModel: Sums['perProjectModel']): string[] {
  return [...new Set([...perProjectModel.keys()].map((key) => key.split(' | ')[0]!))].sort()
}
