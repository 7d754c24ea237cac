// How large hostile logs are that take seconds to read. AUE_HOSTILE_MB=64 makes them as large as those that are read at once.

/** In bytes. */
export const SLOW_BYTES = Number(process.env.AUE_HOSTILE_MB ?? 12) * 1_000_000
