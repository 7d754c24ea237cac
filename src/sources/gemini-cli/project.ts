// The working directory of a chat: no line states it, but files beside the chats do (other-agents 2.3).
import { createHash } from 'node:crypto'
import { fields, text } from '../json.js'
import { localDisk, type Disk } from '../local-disk.js'

const MOST_PATH_BYTES = 4096
/** Maximum size of the list of projects, which is enough for some thousand. */
const MOST_LIST_BYTES = 256 * 1024

/** The project's directory below `tmp/`, and its name; a sub-agent's chat is one level deeper than others. */
const CHAT = /^(.*)[\\/]([^\\/]+)[\\/]chats[\\/](?:[^\\/]+[\\/])?[^\\/]+$/

/**
 * From `.project_root` in the project's directory, otherwise from the list of all projects; undefined if neither states
 * it.
 */
export function workingDirectory(chat: string, disk: Disk = localDisk): string | undefined {
  const [, tmp, name] = CHAT.exec(chat) ?? []
  if (tmp === undefined || name === undefined) return undefined
  const own = disk.start(`${tmp}/${name}/.project_root`, MOST_PATH_BYTES).trim()
  return own === '' ? listed(disk.start(`${tmp}/../projects.json`, MOST_LIST_BYTES), name) : own
}

/** Before they had names, directories were named after the hash of the project's path. */
function listed(json: string, name: string): string | undefined {
  const projects = Object.entries(fields(parsed(json)?.projects) ?? {})
  const isHash = /^[0-9a-f]{64}$/.test(name)
  return projects.find(([path, called]) => text(called) === name || (isHash && sha256(path) === name))?.[0]
}

function parsed(json: string): ReturnType<typeof fields> {
  try {
    return fields(JSON.parse(json))
  } catch {
    return undefined
  }
}

function sha256(path: string): string {
  return createHash('sha256').update(path).digest('hex')
}
