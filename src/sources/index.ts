// The registry of all sources, one line each. If two could read the same directory, the earlier one does.
import type { CompatView } from '../core/totals/compat.js'
import { claudeCode } from './claude-code/claude-code.js'
import { codex } from './codex/codex.js'
import { copilotCli } from './copilot-cli/copilot-cli.js'
import type { Directories } from './directories.js'
import { geminiCli } from './gemini-cli/gemini-cli.js'
import { kimiCode } from './kimi-code/kimi-code.js'
import { ohMyPi, openClaw, pi } from './pi/pi.js'
import { qwenCode } from './qwen-code/qwen-code.js'
import { findSource, type Source } from './source.js'

export const SOURCES: readonly Source[] = [
  claudeCode,
  codex,
  pi,
  ohMyPi,
  openClaw,
  geminiCli,
  qwenCode,
  kimiCode,
  copilotCli,
]

/** The metric names of the agents' own telemetry, by agent. */
export const COMPAT_VIEWS: readonly CompatView[] = SOURCES.flatMap(({ agent, compat }) =>
  compat === undefined ? [] : [{ agent, counters: compat }],
)

export interface SourceDirectories extends Directories {
  readonly source: Source
}

/** Which agents are read, and where. */
export interface Reading {
  /** By agent. */
  readonly directories: ReadonlyMap<string, Directories>
  /** The agents that the user asked for; undefined: all that have directories. */
  readonly agents?: readonly string[] | undefined
}

/** The sources that have directories to check, in the order of the registry. */
export function withDirectories({ directories, agents }: Reading): readonly SourceDirectories[] {
  return SOURCES.flatMap((source) => {
    const own = directories.get(source.agent)
    if (own === undefined || agents?.includes(source.agent) === false) return []
    return [{ source, ...own, asked: agents !== undefined }]
  })
}

export function sourceOf(agent: string): Source {
  return findSource(SOURCES, agent)
}
