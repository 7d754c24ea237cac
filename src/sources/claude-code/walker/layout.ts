// Where things lie in the module's memory: what a call leaves for wasm.ts, the walker's own record of a line, and the bytes
// being read.

/** Room for so many rows of usage, and one for the row of the last line, which may not be kept. */
export const MAX_ROWS: i32 = 512
export const ROW_BYTES: usize = 64
/** What usage lines told, as core/usage.ts has it. */
export const ROWS: usize = memory.data((<i32>ROW_BYTES) * (MAX_ROWS + 1), 8)
export const LINK_BYTES: usize = 12
/** The rows' request keys, as core/links.ts has them: two halves, and the number of the row. */
export const LINKS: usize = memory.data((<i32>LINK_BYTES) * MAX_ROWS, 8)

/** Room for so many notes. */
export const MAX_NOTES: i32 = 512
export const NOTE_BYTES: usize = 12
/** What else lines told: what it is, and the addresses where it begins and ends. */
export const NOTES: usize = memory.data((<i32>NOTE_BYTES) * MAX_NOTES, 8)
/** Of a note: a working directory. Smaller numbers are reasons for leaving a line to the other engine. */
export const CWD_NOTE: u32 = 255

/** What a call comes to, in 32-bit words. */
export const REPORT: usize = memory.data(44, 8)
// Byte offsets in the report.
export const LINES_TOLD: usize = 0
export const ROWS_TOLD: usize = 4
export const LINKS_TOLD: usize = 8
export const NOTES_TOLD: usize = 12
/** Lines that were joined into the row of the line before. */
export const REPEATS: usize = 16
/** Lines that do not count, by reason. */
export const SYNTHETICS: usize = 20
export const API_ERRORS: usize = 24
export const NO_TOKENS: usize = 28
/** Whether `answer` must tell a model's number before the scan goes on, and the address and length of its name. */
export const ASKS: usize = 32
export const ASKED: usize = 36
export const ASKED_BYTES: usize = 40
export const REPORT_BYTES: usize = 44

/** The bytes of the file start here, above all that the compiler placed. */
export const BYTES: usize = 65536 * 2

// Byte offsets in a row. The time is a double.
export const ROW_KEY: usize = 0
export const ROW_INPUT: usize = 8
export const ROW_OUTPUT: usize = 12
export const ROW_CACHE_READ: usize = 16
export const ROW_CACHE_WRITE_5M: usize = 20
export const ROW_CACHE_WRITE_1H: usize = 24
export const ROW_MODEL: usize = 28
export const ROW_FLAGS: usize = 32
export const ROW_SEARCHES: usize = 36
export const ROW_TIME: usize = 40
export const ROW_PLACE: usize = 48

// Flags, in a row and in a record.
export const BATCH: u32 = 1
export const GEO_US: u32 = 2
export const FAST: u32 = 4
export const REFUSED: u32 = 8
export const SIDECHAIN: u32 = 16
// In a row only.
export const NESTED_ORIGIN: u32 = 32
export const REQUEST_ONLY: u32 = 64
// In a record only.
export const API_ERROR: u32 = 128
/** `message.usage` is an object. */
export const HAS_USAGE: u32 = 256
/** What a line tells of its response, and what else belongs to the line that wins, as in core/usage.ts. */
export const TOLD: u32 = BATCH | GEO_US | FAST | REFUSED
export const WINNER_FLAGS: u32 = TOLD | SIDECHAIN

export const RECORD_BYTES: usize = 96
/** What a line says, and behind it what the line says that it echoes. */
export const RECORD: usize = memory.data((<i32>RECORD_BYTES) * 2, 8)
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
