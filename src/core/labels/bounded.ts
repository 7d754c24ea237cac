// Texts that a log or a setting may make as long as it likes, cut so that two long ones stay apart.

/** Longest name of a model that is kept, in UTF-16 units. */
export const MAX_MODEL = 200
/** Longest path that is kept: as long as Linux takes them. */
export const MAX_PATH = 4_096

/** The text, or its beginning and a hash of all of it. @param most UTF-16 units */
export function bounded(text: string, most: number): string {
  return text.length <= most ? text : withEnding(text, `…${textHash(text)}`, most)
}

/** A text with something behind it, cut so that both fit, and never between the halves of a pair of surrogates. */
export function withEnding(text: string, ending: string, most: number): string {
  // Joined, not added: what `slice` answers would keep the whole text in memory.
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
