// Finds a session's working directory in the files of the agent's home directory. Kimi Code keeps an index of sessions.
// kimi-cli keeps a list of directories, and names the folders of sessions after the directory's hash
// (other-agents 4.2, 4.3).
import { createHash } from 'node:crypto'
import { fields, text, type Fields } from '../json.js'
import { localDisk, type Disk } from '../local-disk.js'
import type { Transcript } from '../source.js'

/** Maximum number of bytes read of either file; the index has about 200 per session. */
const MOST_BYTES = 1024 * 1024

/** Undefined if neither file states one for this session. */
export function workingDirectory({ path, project, session }: Transcript, disk: Disk = localDisk): string | undefined {
  const home = /^(.*)[\\/]sessions[\\/]/.exec(path)?.[1]
  if (home === undefined) return undefined
  return (
    inIndex(disk.start(`${home}/session_index.jsonl`, MOST_BYTES), session) ??
    inList(disk.start(`${home}/kimi.json`, MOST_BYTES), project)
  )
}

function inIndex(lines: string, session: string): string | undefined {
  const found = lines
    .split('\n')
    .map(parsed)
    .find((line) => {
      const id = text(line?.sessionId)
      return id !== '' && (id === session || `session_${id}` === session)
    })
  return text(found?.workDir) || undefined
}

/** The folder's name may have a prefix for the machine that the directory is on. */
function inList(json: string, folder: string): string | undefined {
  const listed = parsed(json)?.work_dirs
  if (!Array.isArray(listed)) return undefined
  return listed.map((each) => text(fields(each)?.path)).find((path) => path !== '' && folder.endsWith(md5(path)))
}

function parsed(json: string): Fields | undefined {
  try {
    return fields(JSON.parse(json))
  } catch {
    return undefined
  }
}

/** Used for names only, not for security. On systems that forbid MD5, no directory is found. */
function md5(text: string): string {
  try {
    return createHash('md5').update(text).digest('hex')
  } catch {
    return '\0'
  }
}
