// Labels of projects: the last part of the working directory; short names made unique, never a whole path.
import { folderNames, tellingParts } from './folders.js'
import { withEnding } from './bounded.js'
import { LABEL_LENGTH, cleanText, safeLabel } from './label.js'

/**
 * Labels of projects: the last part of the path, and as many parents as it takes to differ from the path of every other
 * project. Where only drives, servers or home directories differ, labels are numbered, because those names are not
 * shown. A label never changes, because the labels of a counter must not; if two projects collide later, only the newer
 * one gets a longer label. Another spelling of a folder has the label of the folder.
 */
export class ProjectLabels {
  readonly #labels = new Map<string, string>()
  readonly #taken = new Set<string>()
  readonly #folders = new Folders<string>()

  get(path: string): string | undefined {
    return this.#labels.get(path)
  }

  /** Adds a project that already has a label. */
  add(path: string, label: string): void {
    this.#labels.set(path, label)
    this.#taken.add(label)
    this.#folders.add(path, label)
  }

  /** Labels the projects that have no label yet; returns them. */
  label(newcomers: Iterable<string>): ReadonlyMap<string, string> {
    const labels = new Map<string, string>()
    const fresh = [...new Set(newcomers)].filter((path) => !this.#labels.has(path)).sort()
    if (fresh.length === 0) return labels
    const unlabelled = new Folders<Newcomer>()
    const spelled: (readonly [path: string, newcomer: Newcomer])[] = []
    for (const path of surestFirst(fresh)) {
      const label = this.#folders.find(path)
      if (label !== undefined) {
        labels.set(path, label)
        this.add(path, label)
      } else {
        const newcomer = unlabelled.find(path) ?? { path, parts: tellingParts(path) }
        unlabelled.add(path, newcomer)
        spelled.push([path, newcomer])
      }
    }
    const given = giveLabels(new Set(spelled.map(([, newcomer]) => newcomer)), this.#taken)
    for (const [path, newcomer] of spelled) {
      const label = given.get(newcomer)!
      labels.set(path, label)
      this.add(path, label)
    }
    return labels
  }
}

/** Keyed by each of their names. */
class Folders<T> {
  readonly #byName = new Map<string, T>()

  add(path: string, value: T): void {
    for (const name of folderNames(path).names) if (!this.#byName.has(name)) this.#byName.set(name, value)
  }

  find(path: string): T | undefined {
    for (const name of folderNames(path).answers) {
      const value = this.#byName.get(name)
      if (value !== undefined) return value
    }
    return undefined
  }
}

/** A mounted drive can only be recognised once the paths with a drive letter are known. */
function surestFirst(paths: readonly string[]): readonly string[] {
  const windows = paths.filter((path) => folderNames(path).windows)
  return windows.length === 0 ? paths : [...windows, ...paths.filter((path) => !folderNames(path).windows)]
}

/** Label of a folder whose name consists of spaces. */
const UNNAMED = 'unknown'

interface Newcomer {
  /** The path whose spelling it has. */
  readonly path: string
  readonly parts: readonly string[]
}

/** @param others labels that are taken */
function giveLabels(newcomers: Iterable<Newcomer>, others: ReadonlySet<string>): ReadonlyMap<Newcomer, string> {
  const given = new Map<Newcomer, string>()
  const now = new Set<string>()
  const isTaken = (label: string): boolean => others.has(label) || now.has(label)
  const give = (newcomer: Newcomer, label: string): void => {
    now.add(label)
    given.set(newcomer, label)
  }
  /** Projects whose paths look the same below their roots; the first by path stands for all. */
  const alike = grouped(
    [...newcomers].sort((a, b) => (a.path < b.path ? -1 : 1)),
    ({ parts }) => cleanText(parts.join('/')),
  )
  // Each round adds a parent for those that the previous round did not distinguish.
  let open = [...alike.values()].map(([first]) => first!)
  const ambiguous: Newcomer[] = []
  for (let depth = 1; open.length > 0; depth += 1) {
    const next: Newcomer[] = []
    for (const [ending, same] of grouped(open, ({ parts }) => endingOf(parts, depth))) {
      for (const newcomer of same) {
        if (same.length === 1 && !isTaken(ending)) give(newcomer, ending)
        else (hasMore(newcomer.parts, depth) ? next : ambiguous).push(newcomer)
      }
    }
    open = next
  }
  const numbers = new Map<string, number>()
  for (const newcomer of ambiguous)
    give(newcomer, firstFree(endingOf(newcomer.parts, fits(newcomer.parts, 0) ? Infinity : 1), isTaken, numbers))
  for (const [first, ...rest] of alike.values()) {
    for (const newcomer of rest) give(newcomer, firstFree(given.get(first!)!, isTaken, numbers))
  }
  return given
}

/** The last `count` parts of a path. */
function endingOf(parts: readonly string[], depth: number): string {
  return safeLabel(parts.slice(Math.max(0, parts.length - depth)).join('/')) || UNNAMED
}

/** Whether an ending with one more part would fit a label. */
function hasMore(parts: readonly string[], depth: number): boolean {
  return depth < parts.length && fits(parts, parts.length - depth - 1)
}

function fits(parts: readonly string[], from: number): boolean {
  let length = parts.length - from - 1
  for (let part = from; part < parts.length && length <= LABEL_LENGTH; part += 1) length += parts[part]!.length
  return length <= LABEL_LENGTH
}

/** The label, or else the first numbered one that is free. */
function firstFree(label: string, isTaken: (label: string) => boolean, numbers: Map<string, number>): string {
  if (!isTaken(label)) return label
  for (let number = numbers.get(label) ?? 2; ; number += 1) {
    const numbered = withEnding(label, ` (${number})`, LABEL_LENGTH)
    numbers.set(label, number + 1)
    if (!isTaken(numbered)) return numbered
  }
}

function grouped<T>(all: readonly T[], keyOf: (each: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const each of all) {
    const key = keyOf(each)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [each])
    else group.push(each)
  }
  return groups
}
