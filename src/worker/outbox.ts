// Leaves a batch's rows where the main thread can see them. Posting or transferring them would allocate for every task,
// and the allocator would not give it back: 60 MB after a first pass over 20,000 files.
import type { Batch, PackedRows } from '../core/ledger/batch.js'

/** The usual size of a task of a few megabytes, with a reserve. */
export const OUTBOX_BYTES = 512 * 1024

/**
 * The same batch, with its rows in the outbox, or in more memory if there is no room: the thread may begin the next
 * batch, in the memory of this one, before this one was sent. Valid until that memory is reused.
 */
export function inOutbox(
  batch: Batch,
  outbox: SharedArrayBuffer,
): { readonly batch: Batch; readonly memory: SharedArrayBuffer } {
  const tables = [batch.entries, batch.requests, batch.details, batch.toolUses, batch.toolResults]
  const bytes = tables.flatMap(({ pages }) => pages).reduce((sum, page) => sum + page.byteLength, 0)
  // Larger memory is shared, too: otherwise sending it would copy it once more.
  const memory = bytes <= outbox.byteLength ? outbox : new SharedArrayBuffer(bytes)
  let used = 0
  const place = (rows: PackedRows): PackedRows => {
    const pages = rows.pages.map((page) => {
      const copy = new Uint32Array(memory, used, page.length)
      copy.set(page)
      used += page.byteLength
      return copy
    })
    return { pages, count: rows.count }
  }
  const placed = {
    ...batch,
    entries: place(batch.entries),
    requests: place(batch.requests),
    details: place(batch.details),
    toolUses: place(batch.toolUses),
    toolResults: place(batch.toolResults),
  } satisfies Batch
  return { batch: placed, memory }
}
