// Suggests the known name that a misspelt one may have meant.

/**
 * Undefined if none is similar: other punctuation, a letter or two wrong, or the group before the first dot missing.
 */
export function suggest(word: string, names: Iterable<string>): string | undefined {
  const bare = (name: string): string => name.toLowerCase().replace(/[._-]/g, '')
  const distance = (name: string): number => {
    const tail = bare(name.slice(name.indexOf('.') + 1))
    return tail === bare(word) ? 0 : editDistance(bare(word), bare(name))
  }
  const near = [...names].map((name) => ({ name, distance: distance(name) })).sort((a, b) => a.distance - b.distance)[0]
  return near !== undefined && near.distance <= Math.min(2, word.length / 3) ? near.name : undefined
}

/** The end of a message with the name that `suggest` found. */
export const didYouMean = (name: string | undefined): string => (name === undefined ? '' : `; did you mean ${name}?`)

/** Number of letters to add, drop or change, or of neighbours to swap, between a and b. */
function editDistance(a: string, b: string): number {
  let above: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? above[j - 2]! + 1 : Infinity
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1), swapped))
    }
    above = row
    row = next
  }
  return row[b.length]!
}
