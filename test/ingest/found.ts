// Collects what a scan finds.
import { relative } from 'node:path'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import type { Listings } from '../../src/ingest/listings.js'
import { findRoots, type Root } from '../../src/ingest/roots.js'
import { lookAt, scanRoots, type FoundFile } from '../../src/ingest/scanner.js'
import type { Source } from '../../src/sources/source.js'

export interface Found {
  readonly files: readonly FoundFile[]
  /** Paths that could not be read. */
  readonly failed: readonly string[]
  /** Targets of links that lead out of all roots, with their agent. */
  readonly outside: readonly string[]
}

export function rootsOf(source: Source, ...paths: readonly string[]): readonly Root[] {
  return findRoots([{ source, paths, named: true }]).roots
}

export async function scanned(...configDirs: readonly string[]): Promise<Found> {
  return collected((finder) => scanRoots(rootsOf(claudeCode, ...configDirs), finder))
}

/** As `scanned`, with directory listings of earlier scans. */
export async function scannedWith(listings: Listings, ...configDirs: readonly string[]): Promise<Found> {
  return collected((finder) => scanRoots(rootsOf(claudeCode, ...configDirs), finder, listings))
}

export async function lookedAt(configDirs: string | readonly string[], ...paths: readonly string[]): Promise<Found> {
  return collected((finder) => lookAt(rootsOf(claudeCode, ...[configDirs].flat()), paths, finder))
}

export function namesBelow(folder: string, { files }: Found): string[] {
  return files.map(({ path }) => relative(folder, path)).sort()
}

export async function collected(look: (finder: Parameters<typeof lookAt>[2]) => unknown): Promise<Found> {
  const files: FoundFile[] = []
  const failed: string[] = []
  const outside: string[] = []
  await look({
    found: (file) => files.push(file),
    failed: (path) => failed.push(path),
    ledOut: (path, { agent }) => outside.push(`${agent} ${path}`),
  })
  return { files, failed, outside }
}
