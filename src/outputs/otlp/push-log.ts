// Logs that pushes fail, once for each kind of failure, and when they are accepted again.
import type { Log } from '../../process/log.js'
import type { Outcome } from './exporter.js'

export function createPushLog(log: Log, endpoint: string): (outcome: Outcome) => void {
  const logged = new Set<string>()
  return ({ failure, status, detail, rejectedPoints }) => {
    if (failure === undefined) {
      if (logged.size > 0) log.info({ endpoint }, 'pushes are accepted again')
      logged.clear()
      return
    }
    const kind = `${failure} ${status ?? ''}`
    if (logged.has(kind)) return
    logged.add(kind)
    log.warn(
      { endpoint, reason: failure, ...(status !== undefined && { status }), answer: detail, rejectedPoints },
      failure === 'partial'
        ? 'the receiver rejected part of a push: new series stay at 0 until it accepts a push in full'
        : 'a push failed: the next one carries everything',
    )
  }
}
