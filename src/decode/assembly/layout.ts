// Where things lie in the module's memory, as wasm.ts reads it: records of what lines say, and the bytes being read.

export const RECORD_BYTES: usize = 104
/** Room for so many records, and one more for the echo within the last line. */
export const MAX_RECORDS: i32 = 512
export const RECORDS: usize = memory.data((<i32>RECORD_BYTES) * (MAX_RECORDS + 1), 8)
/** The bytes of the file start here, above all that the compiler placed. */
export const BYTES: usize = 65536 * 2

// Byte offsets in a record. A text is an address and a length, trimmed; counts are capped at 2^32 - 1; the time is a double.
export const KIND: usize = 0
export const REASON: usize = 4
export const START: usize = 8
export const END: usize = 12
export const FLAGS: usize = 16
export const INPUT: usize = 20
export const OUTPUT: usize = 24
export const CACHE_READ: usize = 28
export const CACHE_CREATION: usize = 32
export const CACHE_CREATION_5M: usize = 36
export const CACHE_CREATION_1H: usize = 40
export const WEB_SEARCHES: usize = 44
export const TIME: usize = 48
export const MESSAGE_ID: usize = 56
export const REQUEST_ID: usize = 64
export const UUID: usize = 72
export const MODEL: usize = 80
export const CWD: usize = 88
/** The walker's own: wanted keys met so far, one bit each, to notice one that comes twice. */
export const SEEN: usize = 96
/** The walker's own: the line's type. */
export const TYPE: usize = 100

// Kinds of record.
/** Nothing but, perhaps, a working directory. */
export const NOTHING: u32 = 0
export const USAGE: u32 = 1
export const GAVE_UP: u32 = 2

// Flags.
export const SIDECHAIN: u32 = 1
export const API_ERROR: u32 = 2
export const REFUSED: u32 = 4
export const FAST: u32 = 8
export const GEO_US: u32 = 16
export const BATCH: u32 = 32
/** The walker's own: `message.usage` is an object. */
export const HAS_USAGE: u32 = 64
/** The text is that of the record of usage before, if there is one. */
export const SAME_MESSAGE_ID: u32 = 128
export const SAME_REQUEST_ID: u32 = 256
export const SAME_MODEL: u32 = 512
