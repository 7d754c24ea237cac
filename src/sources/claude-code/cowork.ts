// Sessions of the desktop app's local agent mode (Cowork). Each has its own configuration directory, and works in a
// container whose paths are meaningless, such as `/sessions/brave-otter` (claude-code-logs 1.1).
import { localDisk, type Disk } from '../local-disk.js'

/** Project of sessions for which the user chose no folder. */
const PROJECT = 'cowork'
/** Maximum number of bytes read of the app's file, which can contain prompts. */
const MOST_BYTES = 256 * 1024

/**
 * The folder used as such a session's working directory: the first one that the user chose, from the app's
 * `local_<id>.json` beside the session's directory, otherwise `cowork`. Undefined for all other transcripts.
 */
export function coworkFolder(transcript: string, disk: Disk = localDisk): string | undefined {
  const session = /^.*[\\/]local-agent-mode-sessions[\\/].*?[\\/]local_[^\\/]+(?=[\\/]\.claude[\\/]projects[\\/])/.exec(
    transcript,
  )?.[0]
  if (session === undefined) return undefined
  return chosenFolder(disk.start(`${session}.json`, MOST_BYTES)) ?? PROJECT
}

/** Not parsed as JSON, because the end of the file may be missing. */
function chosenFolder(json: string): string | undefined {
  const folder = /"userSelectedFolders"\s*:\s*\[\s*("(?:[^"\\]|\\.)+")/.exec(json)?.[1]
  try {
    return folder === undefined ? undefined : (JSON.parse(folder) as string).trim() || undefined
  } catch {
    return undefined
  }
}
