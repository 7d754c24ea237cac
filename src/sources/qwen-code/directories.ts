// The setting for Qwen Code's runtime directories.
import type { DirectorySetting } from '../directories.js'

const EXAMPLE = '/home/*/.qwen'

export const directories: DirectorySetting = {
  name: 'Qwen Code',
  flag: 'qwen.runtime-dir',
  variable: 'QWEN_RUNTIME_DIR',
  help: `directory where Qwen Code keeps projects/; * and ? are wildcards, as in ${EXAMPLE}; repeatable`,
  example: EXAMPLE,
  defaultHelp: '$QWEN_RUNTIME_DIR, else $QWEN_HOME, else ~/.qwen',
  hint: 'the directory that holds projects/',
  // The first variable that is set replaces the others (other-agents 3.1).
  defaults: ({ env }) => [env['QWEN_RUNTIME_DIR']?.trim() || env['QWEN_HOME']?.trim() || '~/.qwen'],
}
