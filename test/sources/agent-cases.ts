// Acceptance cases of an agent: files in, through the built program, one line of text per model out. An independent reference
// must agree with each case as well as the program.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Reference } from '../reference/reference.js'
import { once } from '../support/program.js'
import { comparable, shown } from '../support/shown.js'
import { temporaryFolder } from '../support/tree.js'

/** Path below the directory that the flag names → its lines, or its text. */
export type AgentFiles = Readonly<Record<string, readonly object[] | string>>

export interface AgentCase {
  /** Begins with its number in the table of the format. */
  readonly name: string
  readonly files: AgentFiles
  /** Model → `requests; input/output/write 5m/write 1h/read; USD`. */
  readonly models: Readonly<Record<string, string>>
  readonly projects?: readonly string[]
  /** Models whose tokens have no price. */
  readonly unpriced?: readonly string[]
}

export interface ReadAgent {
  readonly agent: string
  readonly flag: string
  readonly reference: (directory: string) => Reference
}

export function agentCases({ agent, flag, reference }: ReadAgent, cases: readonly AgentCase[]): void {
  const folder = temporaryFolder()
  const planted = cases.map((one, index) => ({ one, directory: plantFiles(join(folder, `${index}`), one.files) }))

  describe(`${agent}: the reference agrees with the cases`, () => {
    it.each(planted)('$one.name', ({ one, directory }) => {
      const found = reference(directory)
      expect(comparable(found.perModel)).toEqual(expected(one))
      expect([...found.unpricedTokens.keys()].sort()).toEqual(one.unpriced ?? [])
    })
  })

  describe.concurrent(`${agent}: the program agrees with the cases`, () => {
    it.each(planted)('$one.name', async ({ one, directory }) => {
      const found = shown(await once([], { flags: [`--${flag}=${directory}`] }))
      expect(comparable(found.perModel)).toEqual(expected(one))
      expect([...found.unpricedTokens.keys()].sort()).toEqual(one.unpriced ?? [])
      if (one.projects !== undefined) expect(found.projects).toEqual(one.projects)
      const agents = found.samples.map(({ labels }) => labels.agent).filter((name) => name !== undefined)
      if (found.perModel.size > 0) expect(new Set(agents)).toEqual(new Set([agent]))
    })
  })
}

export function plantFiles(directory: string, files: AgentFiles): string {
  mkdirSync(directory, { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    const target = join(directory, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, typeof content === 'string' ? content : linesOf(content))
  }
  return directory
}

export function linesOf(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

function expected({ models }: AgentCase): Record<string, string> {
  return Object.fromEntries(Object.entries(models).map(([model, text]) => [model, `${text}; 0 searches`]))
}
