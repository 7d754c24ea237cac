// Shows a progress bar on the terminal during a long first pass, and removes it afterwards, so that the log stays readable.

export interface Progress {
  /** Includes bytes that were read before. */
  start(bytes: number, files: number): void
  advance(bytes: number): void
  stop(): void
}

/** With less than this, reading ends before anybody could look at a bar. */
const MIN_BYTES = 32 * 1024 * 1024

export async function createProgress(): Promise<Progress> {
  const { SingleBar, Presets } = (await import('cli-progress')).default
  const bar = new SingleBar(
    {
      format: 'reading logs {bar} {percentage}% of {size} in {files} files, {eta_formatted} to go',
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.shades_classic,
  )
  let running = false
  let before = 0
  return {
    start(bytes, files) {
      if (bytes < MIN_BYTES) return
      running = true
      bar.start(bytes, before, { files, size: `${Math.round(bytes / 1e6)} MB` })
    },
    advance(bytes) {
      if (running) bar.increment(bytes)
      else before += bytes
    },
    stop() {
      if (running) bar.stop()
      running = false
    },
  }
}
