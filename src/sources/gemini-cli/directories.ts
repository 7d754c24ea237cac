// The setting for the directories in which Gemini CLI keeps .gemini/.
import type { DirectorySetting } from '../directories.js'

export const directories: DirectorySetting = {
  name: 'Gemini CLI',
  flag: 'gemini.home',
  variable: 'GEMINI_CLI_HOME',
  help: 'directory where Gemini CLI keeps .gemini/, or .gemini/ itself; * and ? are wildcards; repeatable',
  example: '/home/*',
  defaultHelp: '$GEMINI_CLI_HOME, else ~/.gemini and ~/.cache/.gemini',
  hint: 'the directory that holds .gemini/',
  // The second is the one in the macOS sandbox (other-agents 2.1).
  defaults({ env }) {
    const home = env['GEMINI_CLI_HOME']?.trim()
    return home ? [home] : ['~/.gemini', '~/.cache/.gemini']
  },
}
