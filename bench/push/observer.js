// Loaded into a program before its own code: tells its parent, when asked, how much processor time it took and the longest stall
// of its event loop since it was last asked.
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
// The program shall end as it would without this.
process.channel?.unref()
