// The setting that names the homes in which Gemini CLI keeps its directory.
import type { DirectorySetting } from '../directories.js'

export const directories: DirectorySetting = {
  name: 'Gemini CLI',
  flag: 'gemini.home',
  variable: 'GEMINI_CLI_HOME',
  help: 'home in which Gemini CLI keeps .gemini/, or that directory; * and ? match names; repeatable',
  example: '/home/*',
  defaultHelp: '$GEMINI_CLI_HOME, else ~/.gemini and ~/.cache/.gemini',
  hint: 'the directory that holds .gemini/',
  // The second is that of the sandbox of macOS (other-agents 2.1).
  defaults({ env }) {
    const home = env['GEMINI_CLI_HOME']?.trim()
    return home ? [home] : ['~/.gemini', '~/.cache/.gemini']
  },
}
