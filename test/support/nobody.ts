// Who may not read everything: root passes every permission check, so tests of those become somebody else for a while.
import { onTestFinished } from 'vitest'

const NOBODY = 65_534

/** From here to the end of the test, files that others must not read cannot be read. Not on threads of a pool made before. */
export function becomeNobody(): void {
  const { geteuid, seteuid } = process
  if (geteuid?.() !== 0 || seteuid === undefined) return
  seteuid(NOBODY)
  onTestFinished(() => seteuid(0))
}
