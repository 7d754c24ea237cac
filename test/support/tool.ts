// Runs a tool that judges our files. Outside CI a missing one is said aloud and the test is skipped; in CI it fails.
import { spawnSync } from 'node:child_process'
import type { TestContext } from 'vitest'

/** Prometheus' own judge of rules, in the oldest version that we promise and in version 3. */
export const PROMTOOLS = ['promtool', process.env['AUE_PROMTOOL_3'] ?? 'promtool-3'] as const

export interface Said {
  readonly status: number | null
  readonly says: string
}

/** Exit code and both outputs. @param env added to the environment */
export function run(context: TestContext, tool: string, args: readonly string[], cwd: string, env = {}): Said {
  const { error, status, stdout, stderr } = spawnSync(tool, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  if (error === undefined) return { status, says: stdout + stderr }
  return missing(context, tool, error)
}

/** The first of these names of one tool that is there. */
export function found(context: TestContext, names: readonly [string, ...string[]]): string {
  for (const name of names) if (spawnSync(name, ['--version']).error === undefined) return name
  return missing(context, names[0], Object.assign(new Error(`none of ${names.join(', ')}`), { code: 'ENOENT' }))
}

function missing(context: TestContext, tool: string, error: NodeJS.ErrnoException): never {
  if (error.code === 'ENOENT' && !process.env.CI) context.skip(`MISSING: ${tool}`)
  throw error
}
