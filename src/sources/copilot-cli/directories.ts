// The setting that names the homes of GitHub Copilot CLI.
import type { DirectorySetting } from '../directories.js'

const EXAMPLE = '/home/*/.copilot'

export const directories: DirectorySetting = {
  name: 'GitHub Copilot CLI',
  flag: 'copilot.home',
  variable: 'COPILOT_HOME',
  help: `directory in which GitHub Copilot CLI keeps session-state/; * and ? match names, as in ${EXAMPLE}; repeatable`,
  example: EXAMPLE,
  defaultHelp: '$COPILOT_HOME, else ~/.copilot',
  hint: 'the directory that holds session-state/',
  defaults: ({ env }) => [env['COPILOT_HOME']?.trim() || '~/.copilot'],
}
