// Runs a tool that checks our files. If the tool is missing, the test is skipped with a message; in CI it fails.
import { spawnSync } from 'node:child_process'
import type { TestContext } from 'vitest'

/** promtool in the oldest supported version and in version 3. */
export const PROMTOOLS = ['promtool', process.env['AUE_PROMTOOL_3'] ?? 'promtool-3'] as const

export interface Said {
  readonly status: number | null
  readonly says: string
}

/** Runs a tool; returns its exit code and its combined output. @param env added to the environment */
export function run(context: TestContext, tool: string, args: readonly string[], cwd: string, env = {}): Said {
  const { error, status, stdout, stderr } = spawnSync(tool, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  if (error === undefined) return { status, says: stdout + stderr }
  return missing(context, tool, error)
}

/** The first of these names of a tool that is installed. */
export function found(context: TestContext, names: readonly [string, ...string[]]): string {
  for (const name of names) if (spawnSync(name, ['--version']).error === undefined) return name
  return missing(context, names[0], Object.assign(new Error(`none of ${names.join(', ')}`), { code: 'ENOENT' }))
}

function missing(context: TestContext, tool: string, error: NodeJS.ErrnoException): never {
  if (error.code === 'ENOENT' && !process.env.CI) context.skip(`MISSING: ${tool}`)
  throw error
}
