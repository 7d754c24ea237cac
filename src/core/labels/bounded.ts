// Cuts texts of unlimited length from logs and settings, so that two different long ones stay different.

/** Maximum length of a model name, in UTF-16 units. */
export const MAX_MODEL = 200
/** Maximum length of a path, which is that of Linux. */
export const MAX_PATH = 4_096

/** The text, or its beginning and a hash of all of it. @param most maximum length in UTF-16 units */
export function bounded(text: string, most: number): string {
  return text.length <= most ? text : withEnding(text, `…${textHash(text)}`, most)
}

/** A text with a suffix, cut so that both fit, and never between the halves of a surrogate pair. */
export function withEnding(text: string, ending: string, most: number): string {
  // Joined instead of added: the result of `slice` would keep the whole text in memory.
  return [text.slice(0, most - ending.length).replace(/\p{Surrogate}$/u, ''), ending].join('')
}

/** 64 bits as 16 hex digits: FNV-1a over UTF-16 units, with two odd multipliers whose hashes do not collide together. */
export function textHash(text: string): string {
  return hash32(text, 0x01000193) + hash32(text, 0x5bd1e995)
}

function hash32(text: string, multiplier: number): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), multiplier)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
