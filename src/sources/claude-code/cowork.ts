// Sessions of the desktop app's local agent mode (Cowork). Each has a configuration directory of its own, and works in a
// container whose paths say nothing: `/sessions/brave-otter` (claude-code-logs 1.1).
import { localDisk, type Disk } from '../local-disk.js'

/** Project of sessions for which nobody chose a folder. */
const PROJECT = 'cowork'
/** Prompts may stand in the app's file, too. */
const MOST_BYTES = 256 * 1024

/**
 * What stands for the working directory of such a session: the first folder that the user chose for it, as the app's
 * `local_<id>.json` beside the session's directory has it, else one name for all. undefined: it is no such session.
 */
export function coworkFolder(transcript: string, disk: Disk = localDisk): string | undefined {
  const session = /^.*[\\/]local-agent-mode-sessions[\\/].*?[\\/]local_[^\\/]+(?=[\\/]\.claude[\\/]projects[\\/])/.exec(
    transcript,
  )?.[0]
  if (session === undefined) return undefined
  return chosenFolder(disk.start(`${session}.json`, MOST_BYTES)) ?? PROJECT
}

/** Found without the end of the file. */
function chosenFolder(json: string): string | undefined {
  const folder = /"userSelectedFolders"\s*:\s*\[\s*("(?:[^"\\]|\\.)+")/.exec(json)?.[1]
  try {
    return folder === undefined ? undefined : (JSON.parse(folder) as string).trim() || undefined
  } catch {
    return undefined
  }
}
