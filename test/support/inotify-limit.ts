// Commands with limits on inotify, set in a user namespace. On a machine without user namespaces the test is skipped with a
// message; in CI it fails.
import { spawnSync } from 'node:child_process'
import type { TestContext } from 'vitest'

export type InotifyLimit = 'max_inotify_instances' | 'max_inotify_watches'

/** Words to put before a command, whose process keeps its pid. */
export function underInotifyLimit(context: TestContext, limit: InotifyLimit, value: number): readonly string[] {
  if (process.platform !== 'linux') context.skip('inotify is of Linux')
  const script = `echo ${value} > /proc/sys/user/${limit} && exec "$0" "$@"`
  const prefix = ['unshare', '--user', '--map-root-user', 'sh', '-c', script] as const
  const { error, status, stderr } = spawnSync(prefix[0], [...prefix.slice(1), 'true'], { encoding: 'utf8' })
  if (error === undefined && status === 0) return prefix
  const reason = error?.message ?? stderr.trim()
  if (!process.env.CI) context.skip(`MISSING: user namespaces (${reason})`)
  throw new Error(`cannot limit inotify: ${reason}`)
}
