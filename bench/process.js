// Memory and processor time of a running process, from /proc.
import { readFileSync } from 'node:fs'

/**
 * Current and peak resident memory, and the number of threads. A megabyte is 10⁶ bytes.
 * @param {number | undefined} pid
 */
export function statusOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (/** @type {string} */ name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
  const megabytes = (/** @type {string} */ name) => (field(name) * 1024) / 1e6
  return { megabytes: megabytes('VmRSS'), peakMegabytes: megabytes('VmHWM'), threads: field('Threads') }
}

/**
 * User and system time of all threads in clock ticks: fields 14 and 15, counted after the name, which may contain spaces.
 * @param {number | undefined} pid
 */
export function cpuTicks(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}
