// The setting that names Codex's homes.
import type { DirectorySetting } from '../directories.js'

const EXAMPLE = '/home/*/.codex'

export const directories: DirectorySetting = {
  name: 'Codex',
  flag: 'codex.home',
  variable: 'CODEX_HOME',
  help: `home of Codex, in which it keeps sessions/; * and ? match names, as in ${EXAMPLE}; repeatable`,
  example: EXAMPLE,
  defaultHelp: '$CODEX_HOME, else ~/.codex',
  hint: 'the directory that holds sessions/',
  // Codex itself takes the variable for one directory; other readers of its logs split it on commas (codex-logs 1).
  defaults({ list }) {
    const named = list('CODEX_HOME')
    return named.length > 0 ? named : ['~/.codex']
  },
}
