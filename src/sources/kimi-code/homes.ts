// What lies beside the sessions and tells their working directories: an index in Kimi Code's home, a list of directories in
// kimi-cli's, whose sessions lie in folders that are called by a hash of the directory (other-agents 4.2, 4.3).
import { createHash } from 'node:crypto'
import { fields, text, type Fields } from '../json.js'
import { localDisk, type Disk } from '../local-disk.js'
import type { Transcript } from '../source.js'

/** The index has a line of some 200 bytes for each session. */
const MOST_BYTES = 1024 * 1024

/** undefined: neither file tells one for this session. */
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

/** The name of a folder may say first on which machine the directory is. */
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

/** Not to keep anything secret. A system that allows only other hashes finds no directory. */
function md5(text: string): string {
  try {
    return createHash('md5').update(text).digest('hex')
  } catch {
    return '\0'
  }
}
