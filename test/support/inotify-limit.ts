// Commands under limits on inotify, which hold in a user namespace of their own. Without CI a machine that has none says
// so aloud and the test is skipped; in CI it fails.
import { spawnSync } from 'node:child_process'
import type { TestContext } from 'vitest'

export type InotifyLimit = 'max_inotify_instances' | 'max_inotify_watches'

/** What to put before a command; its process keeps its pid. */
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
