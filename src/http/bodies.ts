// Holds the bodies that are being sent, each once for all of its readers, up to a limit in bytes: the slowest reader
// makes room for the next.
import type { ServerResponse } from 'node:http'

export interface Bodies {
  /** Counts the body as held until the response is closed. The newest is kept, whatever its size. */
  hold(body: Buffer, response: ServerResponse): void
  /** Bytes held now. */
  readonly bytes: number
}

export function createBodies(mostBytes: number): Bodies {
  /** Oldest first. */
  const held = new Map<Buffer, Set<ServerResponse>>()
  let bytes = 0

  function release(body: Buffer): void {
    held.delete(body)
    bytes -= body.length
  }

  return {
    get bytes() {
      return bytes
    },
    hold(body, response) {
      const readers = held.get(body) ?? new Set()
      if (readers.size === 0) {
        held.set(body, readers)
        bytes += body.length
      }
      readers.add(response)
      response.once('close', () => {
        readers.delete(response)
        if (readers.size === 0 && held.get(body) === readers) release(body)
      })
      for (const [old, late] of held) {
        if (bytes <= mostBytes || old === body) break
        release(old)
        for (const one of late) one.destroy()
      }
    },
  }
}
