// The worker pool of the program, with the compiled worker.
import { fileURLToPath } from 'node:url'
import { createPool, type ParserPool } from '../../src/worker/pool.js'

const compiled = fileURLToPath(new URL('../../dist/worker.cjs', import.meta.url))

/** @param workers 0: no pool */
export function poolOf(workers: number, filename: string = compiled): ParserPool | undefined {
  return workers === 0 ? undefined : createPool({ workers, filename })
}
