// Logs each warning once, with a limit for each kind, so that many of one kind do not drown the others.
import type { Log } from './log.js'

/** After this many of a kind, one more line helps nobody. */
const MAX_WARNINGS = 100

export interface Warnings {
  /** Logs a warning about `about` at most once; past the limit, only at the level debug. */
  once(kind: string, about: string, fields: object, message: string): void
  /** Whether `once` would warn. */
  isNew(kind: string, about: string): boolean
  /** Marks a warning as already logged in other words. */
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
      // No more are remembered: text written by strangers must not fill the memory.
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
