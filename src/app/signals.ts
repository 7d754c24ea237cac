// Handles signals of a running app: SIGTERM and SIGINT stop it, SIGHUP reloads its configuration.
import { closeSync, openSync } from 'node:fs'
import type { App } from './app.js'

/** Forces the end of a stop that takes longer than this; a service manager would do it less gracefully. */
const STOP_MS = 4_500

/** Resolves when a signal arrived and everything is closed. */
export function stopOnSignal(app: App, signals: readonly NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      setTimeout(() => process.exit(1), STOP_MS).unref()
      app.stop().then(resolve, reject)
    }
    for (const signal of signals) process.once(signal, stop)
  })
}

/** SIGHUP requests a reload, but is also sent when the terminal closes in which the program was started. */
export function reloadOnHangUp(app: App): void {
  const { isTTY } = process.stderr
  const hangUp = (): void => {
    if (!isTTY || hasTerminal()) void app.reload()
    else {
      // Dies of the signal as if it had not been caught: once its terminal is gone, Node 20 cannot exit but aborts.
      process.off('SIGHUP', hangUp)
      const die = (): void => void process.kill(process.pid, 'SIGHUP')
      app.stop().then(die, die)
    }
  }
  process.on('SIGHUP', hangUp)
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}
