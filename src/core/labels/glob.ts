// Patterns for names: `*` matches any text, `?` any one character. They match the whole name and are case-sensitive.
// Patterns for labels are globs in which `\` escapes the next character, and `*` matches `/` and leading dots: labels
// are not paths, so no library for file names fits.

/** @throws Error for syntax that means something else in other globs */
export function parseGlob(text: string): Glob {
  if (text === '') throw new Error('a glob cannot be empty; * matches everything')
  if (text.startsWith('!')) throw new Error('a glob cannot exclude; write \\! for a name that begins with !')
  const parts: Part[] = []
  const characters = Array.from(text)
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at]!
    if (character === '*') parts.push(ANY_TEXT)
    else if (character === '?') parts.push(ANY_CHARACTER)
    else if ('[]{}'.includes(character)) {
      throw new Error(`only * and ? are wildcards; write \\${character} for a literal ${character}`)
    } else if (character !== '\\') parts.push(character)
    else {
      at += 1
      if (at === characters.length) throw new Error('a glob cannot end in a single \\')
      parts.push(characters[at]!)
    }
  }
  return parts
}

/** A pattern in which only `*` and `?` are special. */
export function parseWildcards(text: string): Glob {
  return Array.from(text, (character) => (character === '*' ? ANY_TEXT : character === '?' ? ANY_CHARACTER : character))
}

/** For messages: as it was written, but for escapes. */
export function globText(glob: Glob): string {
  return glob.map((part) => (typeof part === 'string' ? part : part.description)).join('')
}

export type Glob = readonly Part[]
type Part = string | typeof ANY_TEXT | typeof ANY_CHARACTER
const ANY_TEXT = Symbol('*')
const ANY_CHARACTER = Symbol('?')

/** Takes at most time proportional to the product of both lengths, whatever the pattern. */
export function matchesGlob(glob: Glob, text: string): boolean {
  const characters = Array.from(text)
  let part = 0
  let at = 0
  // Where to continue if the text after the latest `*` did not match: the `*` takes one more character.
  let star = -1
  let resume = 0
  while (at < characters.length) {
    if (glob[part] === ANY_TEXT) {
      star = part
      resume = at
      part += 1
    } else if (glob[part] === ANY_CHARACTER || glob[part] === characters[at]) {
      part += 1
      at += 1
    } else if (star >= 0) {
      part = star + 1
      resume += 1
      at = resume
    } else return false
  }
  return glob.slice(part).every((rest) => rest === ANY_TEXT)
}
