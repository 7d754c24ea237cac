// pi, and the agents that write its format in other places: Oh My Pi, and OpenClaw until July 2026 (other-agents 1).
import { basename } from 'node:path'
import { projectOfDirectory } from '../git-worktree.js'
import type { DirectorySetting } from '../directories.js'
import type { Source } from '../source.js'
import * as directories from './directories.js'
import { locate } from './locate.js'
import { SessionReader } from './reader.js'

export const pi = sourceOf('pi', directories.pi, (directory) => [
  [`${directory}/sessions`, `${directory}/agent/sessions`, ...sessionsThemselves(directory)],
])

export const ohMyPi = sourceOf('oh-my-pi', directories.ohMyPi, (directory) => [
  [`${directory}/agent/sessions`, `${directory}/sessions`, ...sessionsThemselves(directory)],
  [`${directory}/profiles/*/agent/sessions`],
])

export const openClaw = sourceOf('openclaw', directories.openClaw, (directory) => [
  [`${directory}/agents/*/sessions`, ...sessionsThemselves(directory)],
])

function sourceOf(agent: string, setting: DirectorySetting, roots: Source['roots']): Source {
  return {
    agent,
    directories: setting,
    // Earlier lines determine the model of a summary, and the service tier of a response.
    sequential: true,
    prefilters: [
      { find: '"usage"' },
      { find: '"model_change"' },
      { find: '"service_tier_change"' },
      { find: '"assistant"' },
      { find: '"cwd"', cwdOnly: true },
    ],
    roots,
    // Sub-agents write below their session, at any depth.
    entersDirectory: () => true,
    locate,
    projectOf: (cwd) => projectOfDirectory(cwd),
    open: (_, sink, saved) => new SessionReader(sink, saved),
  }
}

/** Users may keep sessions in a directory of their choice; the agents' own directories contain other files, too. */
function sessionsThemselves(directory: string): readonly string[] {
  return /^(?:\.|agent$)/.test(basename(directory)) ? [] : [directory]
}
