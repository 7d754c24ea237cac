// The setting for Codex's home directories.
import type { DirectorySetting } from '../directories.js'

const EXAMPLE = '/home/*/.codex'

export const directories: DirectorySetting = {
  name: 'Codex',
  flag: 'codex.home',
  variable: 'CODEX_HOME',
  help: `directory where Codex keeps sessions/; * and ? are wildcards, as in ${EXAMPLE}; repeatable`,
  example: EXAMPLE,
  defaultHelp: '$CODEX_HOME, else ~/.codex',
  hint: 'the directory that holds sessions/',
  // Codex itself takes the variable as one directory; other tools that read its logs split it on commas (codex-logs 1).
  defaults({ list }) {
    const named = list('CODEX_HOME')
    return named.length > 0 ? named : ['~/.codex']
  },
}
