// A fair queue: addresses take turns, and within one address the user names do, so that a flood from one delays the
// others by at most one turn. When the queue is full, the last item of the largest flood is dropped.

export interface Turns<Item> {
  /** @returns the item dropped for it, perhaps the item itself */
  add(address: string, name: string, item: Item): Item | undefined
  /** The next item. */
  take(): Item | undefined
}

export function createTurns<Item>(most: number): Turns<Item> {
  /** Address → name → items, each in the order of turns. None is empty. */
  const addresses = new Map<string, Map<string, Item[]>>()
  let count = 0

  function dropLast(): Item {
    const [address, names] = largest(addresses, (queues) =>
      [...queues.values()].reduce((sum, queue) => sum + queue.length, 0),
    )
    const [name, queue] = largest(names, (items) => items.length)
    const last = queue.pop()!
    count -= 1
    if (queue.length === 0) names.delete(name)
    if (names.size === 0) addresses.delete(address)
    return last
  }

  return {
    add(address, name, item) {
      const names = addresses.get(address) ?? new Map<string, Item[]>()
      const queue = names.get(name) ?? []
      queue.push(item)
      names.set(name, queue)
      addresses.set(address, names)
      count += 1
      return count > most ? dropLast() : undefined
    },
    take() {
      for (const [address, names] of addresses) {
        for (const [name, queue] of names) {
          const first = queue.shift()!
          count -= 1
          // Moves to the end, behind those that have not had their turn.
          names.delete(name)
          if (queue.length > 0) names.set(name, queue)
          addresses.delete(address)
          if (names.size > 0) addresses.set(address, names)
          return first
        }
      }
      return undefined
    },
  }
}

function largest<Value>(map: ReadonlyMap<string, Value>, sizeOf: (value: Value) => number): [string, Value] {
  return [...map].reduce((most, one) => (sizeOf(one[1]) > sizeOf(most[1]) ? one : most))
}
