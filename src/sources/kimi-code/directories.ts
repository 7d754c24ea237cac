// The setting for the home directories of Kimi Code and kimi-cli.
import type { DirectorySetting } from '../directories.js'

const EXAMPLE = '/home/*/.kimi-code'

/** The desktop app's home on macOS. */
const DESKTOP = '~/Library/Application Support/kimi-desktop/daimon-share/daimon/runtime/kimi-code/home'

export const directories: DirectorySetting = {
  name: 'Kimi Code',
  flag: 'kimi.home',
  variable: 'KIMI_CODE_HOME',
  help: `directory where Kimi Code or kimi-cli keeps sessions/; * and ? are wildcards, as in ${EXAMPLE}; repeatable`,
  example: EXAMPLE,
  defaultHelp: "$KIMI_CODE_HOME, else ~/.kimi-code and the desktop app's; and $KIMI_SHARE_DIR, else ~/.kimi",
  hint: 'the directory that holds sessions/',
  // Two programs, each with its own variable (other-agents 4.1).
  defaults({ env }) {
    const home = env['KIMI_CODE_HOME']?.trim()
    const legacy = env['KIMI_SHARE_DIR']?.trim()
    return [...(home ? [home] : ['~/.kimi-code', DESKTOP]), legacy || '~/.kimi']
  },
}
