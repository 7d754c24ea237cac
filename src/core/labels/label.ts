// Text from logs and settings as label values: in a form that Prometheus accepts and people can read.
import { bounded } from './bounded.js'

/** UTF-16 units. */
export const LABEL_LENGTH = 200

/**
 * Trimmed, in Unicode NFC, with U+FFFD for each control character and lone surrogate: NUL ends a scrape's parser early,
 * and all lone surrogates are written as the same bytes. Of any length.
 */
export function cleanText(raw: string): string {
  return raw
    .trim()
    .replace(/[\p{Cc}\p{Surrogate}]/gu, '\uFFFD')
    .normalize('NFC')
}

/** The text as a label value: clean and, if too long, cut and ended by a hash of the whole. May be empty. */
export function safeLabel(raw: string): string {
  return bounded(cleanText(raw), LABEL_LENGTH)
}

/** Whether a text is a valid label value as it stands. */
export function isLabel(text: string): boolean {
  return text !== '' && safeLabel(text) === text
}
