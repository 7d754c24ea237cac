// Which directory a chat was about: no line says it, files beside the chats do (other-agents 2.3).
import { createHash } from 'node:crypto'
import { fields, text } from '../json.js'
import { localDisk, type Disk } from '../local-disk.js'

const MOST_PATH_BYTES = 4096
/** Of the list of projects: some thousand of them. */
const MOST_LIST_BYTES = 256 * 1024

/** The project's directory below `tmp/`, and its name; a sub-agent's chat lies one level deeper than others. */
const CHAT = /^(.*)[\\/]([^\\/]+)[\\/]chats[\\/](?:[^\\/]+[\\/])?[^\\/]+$/

/** As `.project_root` in the project's directory has it, else the list of all projects; undefined where neither does. */
export function workingDirectory(chat: string, disk: Disk = localDisk): string | undefined {
  const [, tmp, name] = CHAT.exec(chat) ?? []
  if (tmp === undefined || name === undefined) return undefined
  const own = disk.start(`${tmp}/${name}/.project_root`, MOST_PATH_BYTES).trim()
  return own === '' ? listed(disk.start(`${tmp}/../projects.json`, MOST_LIST_BYTES), name) : own
}

/** Directories were called by the hash of the project's path before they had names. */
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
