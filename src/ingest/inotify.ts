// Checks whether this user may have one more inotify instance. @parcel/watcher requests one on its own thread while
// ours waits, and if it gets none, it waits for ever (Backend.cc 2.6.0). So something else has to try first.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/**
 * A thread's event loop takes an instance for its first watch and keeps it until the loop ends. The main thread would
 * never return it, and the watcher needs one of its own.
 */
const PROBE = `
  const { parentPort, workerData } = require('node:worker_threads')
  try {
    require('node:fs').watch(workerData).close()
  } catch (error) {
    parentPort.postMessage(error)
  }`

/**
 * Takes 25 ms of another thread. Somebody may still take the last instance between this check and its use.
 * @throws the error of the system if `directory` cannot be watched
 */
export async function tryInotify(directory: string): Promise<void> {
  if (process.platform !== 'linux') return
  const probe = new Worker(PROBE, { eval: true, workerData: directory, env: {} })
  let refusal: Error | undefined
  probe.on('message', (error: Error) => (refusal = error))
  // Rejects if the thread itself cannot start, for example without file descriptors.
  await once(probe, 'exit')
  if (refusal !== undefined) throw refusal
}
