// What may be the value of a label: text from logs and settings in the one form that Prometheus takes and people can read.
import { bounded } from './bounded.js'

/** UTF-16 units. */
export const LABEL_LENGTH = 200

/**
 * Trimmed, in Unicode NFC, with U+FFFD for each control character and lone surrogate: NUL ends a scrape's parser early, and
 * all lone surrogates are written as the same bytes. Of any length.
 */
export function cleanText(raw: string): string {
  return raw
    .trim()
    .replace(/[\p{Cc}\p{Surrogate}]/gu, '\uFFFD')
    .normalize('NFC')
}

/** The text as a label: clean and, if it is too long, cut and ended by a hash of the whole. May be empty. */
export function safeLabel(raw: string): string {
  return bounded(cleanText(raw), LABEL_LENGTH)
}

/** Whether a text is a label as it stands. */
export function isLabel(text: string): boolean {
  return text !== '' && safeLabel(text) === text
}
