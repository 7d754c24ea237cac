// The spellings of a working directory. Windows, WSL and Git Bash name one folder in ways of their own, and Windows does not
// tell capitals from small letters; a path says by itself which of these it comes from.

/** Longer paths exist on no system that the agents run on (PATH_MAX of Linux). UTF-16 units. */
const LONGEST_PATH = 4096

/**
 * One spelling for what are surely the same directories: `/` between parts, none at the end, drive letters in capitals, and
 * a folder inside WSL as WSL itself names it. Of a path too long to exist its end.
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

/** A drive of Windows as WSL, Cygwin and Git Bash mount it. */
const MOUNTED_DRIVE = /^\/(?:mnt\/|cygdrive\/)?([a-z])(?=\/|$)/
/** What is above the part of a path that a label may show: a drive or server, and the home directory with its owner's name. */
const ROOT = /^(?:[A-Z]:|\/\/[^/]+|\/(?:mnt|cygdrive)\/[a-z](?=\/|$))/
const HOME = new RegExp(
  `^(?:(?:[A-Z]:|${MOUNTED_DRIVE.source.slice(1)})?/(?:Users|Documents and Settings)|(?:/var|/export|/usr)?/home)/[^/]+(?=/|$)`,
  'i',
)

/** The parts of a normal path that tell what it is; `~` is a home directory itself. */
export function tellingParts(path: string): readonly string[] {
  const home = HOME.exec(path)?.[0]
  if (home === path) return ['~']
  const parts = path
    .slice((home ?? ROOT.exec(path)?.[0] ?? '').length)
    .split('/')
    .filter((part) => part.trim() !== '')
  // The root of a drive, or of everything.
  return parts.length > 0 ? parts : [path]
}

/** Whether a folder is somebody's home directory, as far as its path tells. */
export function isHome(path: string): boolean {
  return /\/(?:home|Users)\/[^/]+$|^(?:\/var)?\/root$/i.test(path)
}

/**
 * What a folder is known by. Two paths are one folder when one's `names` hold what the other `answers` to: a path with a
 * drive letter or a server is the same in capitals; one that may be a mounted drive is that drive's where it is known.
 */
export interface FolderNames {
  /** The surest first. */
  readonly answers: readonly string[]
  readonly names: readonly string[]
  /** It says that it is of Windows. */
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
