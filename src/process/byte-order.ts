// Checks the byte order of the machine: rows are stored in it, and the walker supports only one.
import { endianness } from 'node:os'

/** @throws on a big-endian machine, which would misread rows stored by a little-endian one */
export function refuseBigEndian(order: 'BE' | 'LE' = endianness()): void {
  if (order === 'BE') throw new Error('big-endian machines are not supported: state is stored in little-endian rows')
}
