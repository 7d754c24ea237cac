// Most memory that a process ever had resident, which Linux alone tells of another process.
import { readFileSync } from 'node:fs'

export const TELLS_PEAK = process.platform === 'linux'

/** In MB of a million bytes. */
export function peakMemory(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]
  return (Number(kilobytes) * 1024) / 1e6
}
