// The setting for GitHub Copilot CLI's home directories.
import type { DirectorySetting } from '../directories.js'

const EXAMPLE = '/home/*/.copilot'

export const directories: DirectorySetting = {
  name: 'GitHub Copilot CLI',
  flag: 'copilot.home',
  variable: 'COPILOT_HOME',
  help: `directory where GitHub Copilot CLI keeps session-state/; * and ? are wildcards, as in ${EXAMPLE}; repeatable`,
  example: EXAMPLE,
  defaultHelp: '$COPILOT_HOME, else ~/.copilot',
  hint: 'the directory that holds session-state/',
  defaults: ({ env }) => [env['COPILOT_HOME']?.trim() || '~/.copilot'],
}
