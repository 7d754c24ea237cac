// Values derived from a row or a label value once, and identical on each read, so that outputs can cache what they
// derive from them.

export function byRow<T>(make: (row: number) => T): (row: number) => T {
  const made: T[] = []
  return (row) => (made[row] ??= make(row))
}

export function byValue<T>(make: (value: string) => T): (value: string) => T {
  const known = new Map<string, T>()
  return (value) => {
    let made = known.get(value)
    if (made === undefined) known.set(value, (made = make(value)))
    return made
  }
}
