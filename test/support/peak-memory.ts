// Peak resident memory of another process, which only Linux reports.
import { readFileSync } from 'node:fs'

export const TELLS_PEAK = process.platform === 'linux'

/** MB of a million bytes. */
export function peakMemory(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]
  return (Number(kilobytes) * 1024) / 1e6
}
