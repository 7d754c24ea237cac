// Size of hostile logs that take seconds to read. AUE_HOSTILE_MB=64 makes them as large as the others.

/** Bytes. */
export const SLOW_BYTES = Number(process.env.AUE_HOSTILE_MB ?? 12) * 1_000_000
