// Where things lie in the module's memory: what a call leaves for walker-decoder.ts, the walker's own record of a line, and
// the bytes being read.
import { LINK_BYTES, NOTE_BYTES, REPORT_BYTES, ROW_BYTES } from './generated'

/** Room for so many rows of usage, and one for the row of the last line, which may not be kept. */
export const MAX_ROWS: i32 = 512
/** What usage lines say, as rows of the core. */
export const ROWS: usize = memory.data(<i32>ROW_BYTES * (MAX_ROWS + 1), 8)
/** The rows' request keys, as rows of the core's index: two halves, and the number of the row. */
export const LINKS: usize = memory.data(<i32>LINK_BYTES * MAX_ROWS, 8)

/** Room for so many notes. */
export const MAX_NOTES: i32 = 512
/** What else lines say. */
export const NOTES: usize = memory.data(<i32>NOTE_BYTES * MAX_NOTES, 8)

/** What a call comes to. */
export const REPORT: usize = memory.data(<i32>REPORT_BYTES, 8)

/** The bytes of the file start here, above all that the compiler placed. */
export const BYTES: usize = 65536 * 2

// Flags of a record, besides those that a row has.
export const API_ERROR: u32 = 1 << 30
/** `message.usage` is an object. */
export const HAS_USAGE: u32 = 1 << 31

export const RECORD_BYTES: usize = 96
/** What a line says, and behind it what the line says that it echoes. */
export const RECORD: usize = memory.data(<i32>RECORD_BYTES * 2, 8)
// Byte offsets in a record. A text is an address and a length, trimmed.
export const FLAGS: usize = 0
/** Whether it tells usage. */
export const COUNTS: usize = 4
export const INPUT: usize = 8
export const OUTPUT: usize = 12
export const CACHE_READ: usize = 16
export const CACHE_CREATION: usize = 20
export const CACHE_CREATION_5M: usize = 24
export const CACHE_CREATION_1H: usize = 28
export const WEB_SEARCHES: usize = 32
/** Wanted keys met so far, one bit each, to notice one that comes twice. */
export const SEEN: usize = 36
export const TIME: usize = 40
export const MESSAGE_ID: usize = 48
export const REQUEST_ID: usize = 56
export const UUID: usize = 64
export const MODEL: usize = 72
export const CWD: usize = 80
/** The line's type, as names.ts has it. */
export const TYPE: usize = 88
