// What may be the value of a label: text from logs and settings in the one form that Prometheus takes and people can read.

/** UTF-16 units. */
export const LABEL_LENGTH = 200

/**
 * Trimmed, in Unicode NFC, with U+FFFD for each control character and lone surrogate: NUL ends a scrape's parser early, and
 * all lone surrogates are written as the same bytes. Of any length.
 */
export function cleanText(raw: string): string {
  return raw.trim().replace(/[\p{Cc}\p{Surrogate}]/gu, '\uFFFD').normalize('NFC')
}

/** The text as a label: clean and, if it is too long, cut and ended by a hash of the whole. May be empty. */
export function safeLabel(raw: string): string {
  const clean = cleanText(raw)
  return clean.length <= LABEL_LENGTH ? clean : withEnding(clean, `…${textHash(clean)}`)
}

/** Whether a text is a label as it stands. */
export function isLabel(text: string): boolean {
  return text !== '' && safeLabel(text) === text
}

/** A clean text with something behind it, cut so that both fit. */
export function withEnding(clean: string, ending: string): string {
  // Never between the halves of a pair of surrogates.
  return clean.slice(0, LABEL_LENGTH - ending.length).replace(/\p{Surrogate}$/u, '') + ending
}

/** 64 bits as 16 hex digits: FNV-1a over UTF-16 units, with two odd multipliers whose hashes do not collide together. */
export function textHash(text: string): string {
  return hash32(text, 0x01000193) + hash32(text, 0x5bd1e995)
}

function hash32(text: string, multiplier: number): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), multiplier)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
