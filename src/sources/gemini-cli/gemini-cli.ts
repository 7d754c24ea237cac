// Gemini CLI: locates and reads its chats (other-agents 2.1).
import { basename } from 'node:path'
import { projectOfDirectory } from '../git-worktree.js'
import type { LogFile, Source } from '../source.js'
import { directories } from './directories.js'
import { ChatReader } from './reader.js'

/** Up to version 0.38, a chat is one JSON document, which is rewritten with each message. */
const CHAT = /^(.+)\.json(l?)$/
/** `session-2026-06-12T08-49-94726cc3`: when it began, and the first 8 digits of the session id. */
const SESSION = /^session-.*-([0-9a-f]{8})$/
const ID = /^([0-9a-f]{8})-/

export const geminiCli: Source = {
  agent: 'gemini-cli',
  prefilters: [{ find: '"tokens"', and: '"gemini"' }],
  directories,
  roots(directory) {
    const name = basename(directory)
    if (name === '.gemini') return [[`${directory}/tmp`]]
    return [[`${directory}/.gemini/tmp`, `${directory}/tmp`, ...(name === 'tmp' ? [directory] : [])]]
  },
  // One directory per project, of any name; tool outputs and checkpoints are beside its chats.
  entersDirectory: (name, depth) => depth !== 1 || name === 'chats',
  locate(path): LogFile | undefined {
    const [project, chats, ...below] = path
    const [, stem, lines] = CHAT.exec(below.at(-1) ?? '') ?? []
    if (project === undefined || chats !== 'chats' || stem === undefined) return undefined
    // The chats of its sub-agents are in a directory named after the full id.
    const name = below.length > 1 ? below[0]! : stem
    const session = SESSION.exec(name)?.[1] ?? ID.exec(name)?.[1] ?? name
    const place = { project, session, subagent: below.length > 1 }
    return lines === 'l' ? place : { ...place, form: 'document' }
  },
  projectOf: (cwd) => projectOfDirectory(cwd),
  open: (file, sink) => new ChatReader(file, sink),
}
