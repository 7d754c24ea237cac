// The byte order of the machine: rows are stored in it, and the walker knows one only.
import { endianness } from 'node:os'

/** @throws on a big-endian machine, where rows of the one would be read as those of the other */
export function refuseBigEndian(order: 'BE' | 'LE' = endianness()): void {
  if (order === 'BE') throw new Error('big-endian machines are not supported: state is stored in little-endian rows')
}
