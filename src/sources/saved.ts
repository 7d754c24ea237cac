// Reads back what a sequential source saved of a file. A state that was stored by another version, or read for another agent,
// may hold something else: then the file is read from its start.

/** @throws for what `isSound` does not take, and for what is no JSON */
export function restored<T>(saved: string, isSound: (value: unknown) => value is T): T {
  const value: unknown = JSON.parse(saved)
  if (!isSound(value)) throw new TypeError('what was saved of the file is not what its source saves')
  return value
}

/** Whether it is an array of so many values, each of its type. */
export function isTuple(value: unknown, ...types: readonly string[]): value is readonly unknown[] {
  return Array.isArray(value) && value.length === types.length && types.every((type, at) => typeof value[at] === type)
}
