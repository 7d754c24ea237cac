// The spellings of a working directory. Windows, WSL and Git Bash spell one folder differently, and Windows ignores
// case. The path itself shows which of these it comes from.

/** Maximum length of a path on the systems that the agents run on (PATH_MAX of Linux), in UTF-16 units. */
const LONGEST_PATH = 4096

/**
 * One spelling for paths that are certainly the same directory: `/` between parts, none at the end, upper-case drive
 * letters, and a folder inside WSL as WSL itself names it. Of a path that is too long, its end.
 */
export function normalPath(cwd: string): string {
  let path = cwd.trim().replaceAll('\\', '/')
  let end = path.length
  while (end > 1 && path[end - 1] === '/') end -= 1
  path = path
    .slice(Math.max(0, end - LONGEST_PATH), end)
    .replace(/(?<=[^/])\/{2,}/g, '/')
    .replace(/^\/\/[?.]\/(?=[a-z]:)/i, '')
    .replace(/^\/\/[?.]\/UNC\//i, '//')
    .replace(/^\/\/wsl(?:\.localhost|\$)\/[^/]+(?:$|(?=\/))/i, '')
  if (path === '') return '/'
  return /^[a-z]:/.test(path) ? path[0]!.toUpperCase() + path.slice(1) : path
}

/** A Windows drive as WSL, Cygwin and Git Bash mount it. */
const MOUNTED_DRIVE = /^\/(?:mnt\/|cygdrive\/)?([a-z])(?=\/|$)/
/** The part of a path that a label must not show: a drive or server, and the home directory with its owner's name. */
const ROOT = /^(?:[A-Z]:|\/\/[^/]+|\/(?:mnt|cygdrive)\/[a-z](?=\/|$))/
const HOME = new RegExp(
  `^(?:(?:[A-Z]:|${MOUNTED_DRIVE.source.slice(1)})?/(?:Users|Documents and Settings)|(?:/var|/export|/usr)?/home)/[^/]+(?=/|$)`,
  'i',
)

/** The parts of a normal path that identify it; `~` is a home directory itself. */
export function tellingParts(path: string): readonly string[] {
  const home = HOME.exec(path)?.[0]
  if (home === path) return ['~']
  const parts = path
    .slice((home ?? ROOT.exec(path)?.[0] ?? '').length)
    .split('/')
    .filter((part) => part.trim() !== '')
  // The root of a drive, or of the file system.
  return parts.length > 0 ? parts : [path]
}

/** Whether a folder is a home directory, judging by its path. */
export function isHome(path: string): boolean {
  return /\/(?:home|Users)\/[^/]+$|^(?:\/var)?\/root$/i.test(path)
}

/**
 * The identity of a folder. Two paths are the same folder if the `names` of one contain an `answers` of the other: a
 * path with a drive letter or a server ignores case; a path that may be a mounted drive is that drive if the drive is
 * known.
 */
export interface FolderNames {
  /** The most certain first. */
  readonly answers: readonly string[]
  readonly names: readonly string[]
  /** The path itself shows that it is a Windows path. */
  readonly windows: boolean
}

export function folderNames(path: string): FolderNames {
  const normal = normalPath(path).normalize('NFC')
  if (/^(?:[A-Z]:|\/\/)/.test(normal)) {
    const folded = normal.toLowerCase()
    return { names: [`drive ${folded}`], answers: [`drive ${folded}`, `mount ${folded}`], windows: true }
  }
  const letter = MOUNTED_DRIVE.exec(normal)
  if (letter === null) return { names: [`path ${normal}`], answers: [`path ${normal}`], windows: false }
  const drive = `${letter[1]!}:${normal.slice(letter[0].length)}`
  const exact = `exact ${drive}`
  return {
    names: [exact, `mount ${drive.toLowerCase()}`],
    answers: [exact, `drive ${drive.toLowerCase()}`],
    windows: false,
  }
}
