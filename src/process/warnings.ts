// Logs each warning once, with a bound for each kind, so that many of one kind do not drown another.
import type { Log } from './log.js'

/** After so many of a kind, one more line helps nobody. */
const MAX_WARNINGS = 100

export interface Warnings {
  /** Says what `about` names at most once; past the bound only at the level debug. */
  once(kind: string, about: string, fields: object, message: string): void
  /** Whether `once` would warn. */
  isNew(kind: string, about: string): boolean
  /** That has been said otherwise. */
  said(kind: string, about: string): void
}

export function createWarnings(log: Log): Warnings {
  const kinds = new Map<string, { readonly abouts: Set<string>; full: boolean }>()
  function ofKind(kind: string): { readonly abouts: Set<string>; full: boolean } {
    const known = kinds.get(kind) ?? { abouts: new Set(), full: false }
    kinds.set(kind, known)
    return known
  }
  return {
    once(kind, about, fields, message) {
      const known = ofKind(kind)
      if (known.abouts.has(about)) return
      if (known.abouts.size < MAX_WARNINGS) {
        known.abouts.add(about)
        log.warn(fields, message)
        return
      }
      // No more are remembered: what strangers write must not fill the memory.
      if (!known.full)
        log.warn({ warnings: MAX_WARNINGS, of: message }, 'no more warnings of this kind; --log.level=debug shows them')
      known.full = true
      log.debug(fields, message)
    },
    isNew(kind, about) {
      const { abouts } = ofKind(kind)
      return abouts.size < MAX_WARNINGS && !abouts.has(about)
    },
    said: (kind, about) => void ofKind(kind).abouts.add(about),
  }
}
