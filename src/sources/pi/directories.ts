// The settings that name the directories of the agents that write this format (other-agents 1.1).
import type { DirectorySetting } from '../directories.js'

export const pi: DirectorySetting = {
  name: 'pi',
  flag: 'pi.agent-dir',
  variable: 'PI_CODING_AGENT_DIR',
  help: 'directory where pi keeps sessions/, or a directory of sessions; * and ? are wildcards; repeatable',
  example: '/home/*/.pi/agent',
  defaultHelp: '$PI_CODING_AGENT_DIR, else ~/.pi/agent; and $PI_CODING_AGENT_SESSION_DIR',
  hint: 'the directory that holds sessions/',
  defaults: ({ env }) => [
    named(env['PI_CODING_AGENT_DIR']) ?? '~/.pi/agent',
    ...given(env['PI_CODING_AGENT_SESSION_DIR']),
  ],
}

// Oh My Pi reads PI_CODING_AGENT_DIR, too. Logs in that directory count for pi, because nothing tells the two apart.
export const ohMyPi: DirectorySetting = {
  name: 'Oh My Pi',
  flag: 'oh-my-pi.config-dir',
  help: 'directory where Oh My Pi keeps agent/sessions/, or a directory of sessions; * and ? are wildcards; repeatable',
  example: '/home/*/.omp',
  defaultHelp: '~/$PI_CONFIG_DIR, else ~/.omp; and $XDG_DATA_HOME/omp',
  hint: 'the directory that holds agent/sessions/',
  defaults: ({ env }) => [
    `~/${named(env['PI_CONFIG_DIR']) ?? '.omp'}`,
    ...given(env['XDG_DATA_HOME']).map((directory) => `${directory}/omp`),
  ],
}

export const openClaw: DirectorySetting = {
  name: 'OpenClaw',
  flag: 'openclaw.state-dir',
  variable: 'OPENCLAW_STATE_DIR',
  help: 'directory where OpenClaw keeps agents/, or a directory of sessions; * and ? are wildcards; repeatable',
  example: '/home/*/.openclaw',
  defaultHelp: '$OPENCLAW_STATE_DIR, else ~/.openclaw, ~/.clawdbot and ~/.moltbot',
  hint: 'the directory that holds agents/',
  defaults({ env }) {
    const state = given(env['OPENCLAW_STATE_DIR'])
    return state.length > 0 ? state : ['~/.openclaw', '~/.clawdbot', '~/.moltbot']
  },
}

function named(value: string | undefined): string | undefined {
  return value?.trim() || undefined
}

function given(value: string | undefined): readonly string[] {
  const name = named(value)
  return name === undefined ? [] : [name]
}
