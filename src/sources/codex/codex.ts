// Codex: where its rollouts lie, and what reads them (codex-logs 1).
import { basename } from 'node:path'
import { createFieldDecoder } from '../../decode/field-decoder.js'
import { projectOfDirectory } from '../git-worktree.js'
import type { Source } from '../source.js'
import { directories } from './directories.js'
import { rolloutFields } from './fields.js'
import { EVENTS, TYPES, firstLook } from './first-look.js'
import { RolloutReader } from './reader.js'
import { threadRows } from './rows.js'

/** `rollout-<local time>-<thread>.jsonl`, also compressed. A thread that was reverted goes on in `…-<thread>_<rollout>`. */
const ROLLOUT =
  /^rollout-(?:\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-)?(?:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_.+|(.+?))\.jsonl(\.zst)?$/s
/** Where a thread counts whose rollout names no directory. */
const NO_PROJECT = 'unknown'

const AGENT = 'codex'

export const codex: Source = {
  agent: AGENT,
  sequential: true,
  // A quarter of the bytes (codex-logs 2.3).
  prefilters: [
    ...[...TYPES, ...EVENTS].map((type) => ({ find: `"${type}"` })),
    { find: '"compacted"', and: '"latest_token_usage_record"' },
  ],
  firstLook,
  engine: (rest) => createFieldDecoder({ firstLook, fields: rolloutFields, rows: threadRows(AGENT) }, rest),
  // Nearly all of a header's bytes, and two thirds of a turn's.
  unread: ['"base_instructions":{"text":"', '"developer_instructions":"', '"user_instructions":"'],
  directories,
  roots(directory) {
    const isOne = ['sessions', 'archived_sessions'].includes(basename(directory))
    return [[`${directory}/sessions`, ...(isOne ? [directory] : [])], [`${directory}/archived_sessions`]]
  },
  entersDirectory: () => true,
  locate(path) {
    const [, reverted, usual, packed] = ROLLOUT.exec(path.at(-1) ?? '') ?? []
    const session = reverted ?? usual
    if (session === undefined) return undefined
    // What is a sub-agent's, its lines tell; and it counts for the directory that its own header names.
    const place = { project: NO_PROJECT, session, subagent: false }
    return packed === undefined ? place : { ...place, form: 'zstd-lines' }
  },
  projectOf: (cwd) => projectOfDirectory(cwd),
  open: (file, sink, saved) => new RolloutReader(file, sink, saved),
}
