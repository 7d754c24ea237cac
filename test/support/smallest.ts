// Reduces a failing tree to few lines, so that the report of a hostile seed is readable.
import type { Files } from './tree.js'

/** Removes everything that is not needed for `fails`; tries at most `attempts` times. */
export async function smallest(
  files: Files,
  fails: (files: Files) => Promise<boolean>,
  attempts = 150,
): Promise<Files> {
  let pieces = Object.entries(files).flatMap(([path, content]) => linesOf(content).map((line) => ({ path, line })))
  let tries = 0
  for (let size = Math.ceil(pieces.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < pieces.length && tries < attempts;) {
      const fewer = [...pieces.slice(0, from), ...pieces.slice(from + size)]
      tries++
      if (await fails(joined(fewer))) pieces = fewer
      else from += size
    }
  }
  return joined(pieces)
}

function linesOf(content: string | Buffer): Buffer[] {
  const bytes = Buffer.from(content)
  const lines: Buffer[] = []
  for (let from = 0; from < bytes.length;) {
    const newline = bytes.indexOf(0x0a, from)
    const end = newline < 0 ? bytes.length : newline + 1
    lines.push(bytes.subarray(from, end))
    from = end
  }
  return lines
}

function joined(pieces: readonly { readonly path: string; readonly line: Buffer }[]): Files {
  const files: Record<string, Buffer> = {}
  for (const { path, line } of pieces) files[path] = Buffer.concat([files[path] ?? Buffer.alloc(0), line])
  return files
}
