// The layout of the module's memory: results for walker-decoder.ts, the walker's own record of a line, and the bytes to
// scan.
import { LINK_BYTES, NOTE_BYTES, REPORT_BYTES, ROW_BYTES } from './generated'

/** Maximum number of rows. There is room for one more: the last line's row, which may be discarded. */
export const MAX_ROWS: i32 = 512
/** Rows of usage, in the layout of the core. */
export const ROWS: usize = memory.data(<i32>ROW_BYTES * (MAX_ROWS + 1), 8)
/** Request keys of the rows, in the layout of the core's index: two halves, and the number of the row. */
export const LINKS: usize = memory.data(<i32>LINK_BYTES * MAX_ROWS, 8)

/** Maximum number of notes. */
export const MAX_NOTES: i32 = 512
/** Notes, for what does not fit a row. */
export const NOTES: usize = memory.data(<i32>NOTE_BYTES * MAX_NOTES, 8)

/** The result of a call. */
export const REPORT: usize = memory.data(<i32>REPORT_BYTES, 8)

/** Address of the file's bytes, above everything that the compiler places. */
export const BYTES: usize = 65536 * 2

// Flags of a record, in addition to those of a row.
export const API_ERROR: u32 = 1 << 30
/** `message.usage` is an object. */
export const HAS_USAGE: u32 = 1 << 31

export const RECORD_BYTES: usize = 96
/** The values of a line, followed by those of the line that it echoes. */
export const RECORD: usize = memory.data(<i32>RECORD_BYTES * 2, 8)
// Byte offsets in a record. A text is the address and the length of its trimmed bytes.
export const FLAGS: usize = 0
/** 1 if the line has usage. */
export const COUNTS: usize = 4
export const INPUT: usize = 8
export const OUTPUT: usize = 12
export const CACHE_READ: usize = 16
export const CACHE_CREATION: usize = 20
export const CACHE_CREATION_5M: usize = 24
export const CACHE_CREATION_1H: usize = 28
export const WEB_SEARCHES: usize = 32
/** The wanted keys found so far, one bit each, to detect repeated ones. */
export const SEEN: usize = 36
export const TIME: usize = 40
export const MESSAGE_ID: usize = 48
export const REQUEST_ID: usize = 56
export const UUID: usize = 64
export const MODEL: usize = 72
export const CWD: usize = 80
/** The line's type, a number of names.ts. */
export const TYPE: usize = 88
