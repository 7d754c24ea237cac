// The setting for Claude Code's configuration directories.
import { join } from 'node:path'
import type { DirectorySetting } from '../directories.js'

const EXAMPLE = '/home/*/.claude'

export const directories: DirectorySetting = {
  name: 'Claude Code',
  flag: 'claude.config-dir',
  variable: 'CLAUDE_CONFIG_DIR',
  help: `directory where Claude Code keeps projects/; * and ? are wildcards, as in ${EXAMPLE}; repeatable`,
  example: EXAMPLE,
  defaultHelp: '$CLAUDE_CONFIG_DIR, else ~/.claude and ~/.config/claude',
  hint: 'the directory that holds projects/',
  // The variable replaces both. Other tools, but not Claude Code itself, split it on commas (claude-code-logs 1.1).
  defaults({ list, xdg }) {
    const named = list('CLAUDE_CONFIG_DIR')
    return named.length > 0 ? named : ['~/.claude', join(xdg('XDG_CONFIG_HOME', '.config'), 'claude')]
  },
}
