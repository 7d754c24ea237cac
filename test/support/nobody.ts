// An unprivileged user: root passes every permission check, so tests of permissions switch to another user.
import { onTestFinished } from 'vitest'

const NOBODY = 65_534

/** Drops root until the end of the test, so that permissions apply; not on threads of an existing pool. */
export function becomeNobody(): void {
  const { geteuid, seteuid } = process
  if (geteuid?.() !== 0 || seteuid === undefined) return
  seteuid(NOBODY)
  onTestFinished(() => seteuid(0))
}
