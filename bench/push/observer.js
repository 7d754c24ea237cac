// Loaded before a program: reports to its parent, on request, the processor time and the longest stall of the event loop since the
// previous request.
import { monitorEventLoopDelay } from 'node:perf_hooks'

const resolution = 1
const delay = monitorEventLoopDelay({ resolution })
delay.enable()
let before = process.cpuUsage()

process.on('message', () => {
  const { user, system } = process.cpuUsage(before)
  before = process.cpuUsage()
  process.send?.({ cpuMs: (user + system) / 1e3, stallMs: Math.max(0, delay.max / 1e6 - resolution) })
  delay.reset()
})
// Must not keep the program alive.
process.channel?.unref()
