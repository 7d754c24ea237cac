// Checks whether this user may have one more inotify instance. @parcel/watcher requests one on a thread of its own while
// ours waits; where it gets none, it waits for ever (Backend.cc 2.6.0). So something else has to try first.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/**
 * A thread's event loop takes an instance for its first watch and keeps it until the loop ends: the main thread's would
 * be gone for good, and the watcher needs one of its own.
 */
const PROBE = `
  const { parentPort, workerData } = require('node:worker_threads')
  try {
    require('node:fs').watch(workerData).close()
  } catch (error) {
    parentPort.postMessage(error)
  }`

/**
 * Takes 25 ms of another thread. Whoever takes the last instance between this and its use is not seen.
 * @throws what the system says when `directory` cannot be watched
 */
export async function tryInotify(directory: string): Promise<void> {
  if (process.platform !== 'linux') return
  const probe = new Worker(PROBE, { eval: true, workerData: directory, env: {} })
  let refusal: Error | undefined
  probe.on('message', (error: Error) => (refusal = error))
  // Rejects when the thread itself cannot start, as without file descriptors.
  await once(probe, 'exit')
  if (refusal !== undefined) throw refusal
}
