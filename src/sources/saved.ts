// Restores the state that a sequential source saved for a file. If another version or another agent stored it, it may
// have another form; the file is then read from its start.

/** @throws if `saved` is not JSON, or `isSound` rejects its value */
export function restored<T>(saved: string, isSound: (value: unknown) => value is T): T {
  const value: unknown = JSON.parse(saved)
  if (!isSound(value)) throw new TypeError('what was saved of the file is not what its source saves')
  return value
}

/** Whether a value is an array with exactly one value of each of these `typeof` types, in this order. */
export function isTuple(value: unknown, ...types: readonly string[]): value is readonly unknown[] {
  return Array.isArray(value) && value.length === types.length && types.every((type, at) => typeof value[at] === type)
}
