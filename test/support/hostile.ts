// Hostile trees: random combinations of everything that the format allows. A tree is a pure function of its seed and of its
// folder (some of its paths are real git worktrees).
import { assistantCopies, type Copy } from './hostile-copies.js'
import { hostileResponse } from './hostile-response.js'
import { randomStyle, render } from './json-style.js'
import type { Fields } from './line.js'
import { seeded, type Random } from './random.js'
import type { Files } from './tree.js'

interface Session {
  readonly slug: string
  readonly id: string
  readonly cwd: string | undefined
  /** The main transcript and other files of a session: path below `projects/` → values, one for each line. */
  readonly files: Map<string, unknown[]>
  readonly main: string
}

/** Files of a config directory at `home`. */
export function hostileTree(seed: number, home: string): Files {
  const random = seeded(seed)
  const sessions = Array.from({ length: 1 + random.int(5) }, (_, index) => makeSession(random, index, home))
  for (const session of sessions) speak(random, session)
  for (let n = random.int(4); n > 0; n--) copySome(random, sessions)
  const transcripts = sessions.flatMap(({ files }) =>
    [...files].map(([path, values]) => [path, written(random, values)] as const),
  )
  return { ...Object.fromEntries(transcripts), ...decoys(random, sessions), ...gitWorktree(home) }
}

function makeSession(random: Random, index: number, home: string): Session {
  const word = random.pick(['app', 'api', 'a_b', 'a-b', 'проект'])
  const cwd = random.pick([
    `/w/${word}`,
    `/w/${word}`,
    `/w/${word}/`,
    `/w/${word}/.claude/worktrees/x${index}`,
    `C:\\work\\${word}`,
    `${home}/repos/tree`,
    undefined,
  ])
  const slug = random.chance(0.15) ? 'my_name' : `-w-${word.replace(/[^a-z]/g, '-')}`
  const id = `session-${index}`
  return { slug, id, cwd, files: new Map(), main: `${slug}/${id}.jsonl` }
}

/** Fills the files of a session with responses, noise, sub-agents and progress lines that repeat them. */
function speak(random: Random, session: Session): void {
  const { slug, id, cwd, files, main } = session
  const own = random.pick(['main', 'main', 'main', 'none'] as const)
  const agents = random.some(
    [
      `${slug}/${id}/subagents/agent-a${id}.jsonl`,
      `${slug}/${id}/subagents/workflows/wf_1/agent-w.jsonl`,
      `${slug}/agent-flat-${id}.jsonl`,
      `${slug}/${id}/other.jsonl`,
    ],
    0.25,
  )
  const paths = own === 'main' || agents.length === 0 ? [main, ...agents] : agents
  for (const path of paths) files.set(path, random.chance(0.3) ? [noise(random)] : [])
  for (let n = 1 + random.int(12); n > 0; n--) {
    const path = random.pick(paths)
    const { lines, results } = hostileResponse(random, {
      cwd: random.chance(0.1) ? '/w/elsewhere' : cwd,
      sessionId: id,
    })
    const inAgent = path !== main
    const spoken = inAgent && random.chance(0.9) ? lines.map((line) => ({ ...line, isSidechain: true })) : lines
    files.get(path)!.push(...spoken, ...random.some(results, 0.9))
    if (inAgent && files.has(main) && random.chance(0.5))
      files.get(main)!.push(...spoken.map((line) => echo(random, line, cwd)))
    if (random.chance(0.3)) files.get(path)!.push(noise(random))
  }
}

/** A progress line that contains a line of the sub-agent. */
function echo(random: Random, line: Fields, cwd: string | undefined): Fields {
  const { sessionId } = line
  const message = Object.fromEntries(Object.entries(line).filter(([key]) => key !== 'cwd' && key !== 'sessionId'))
  const data = { type: 'agent_progress', message, agentId: 'a' }
  return {
    type: 'progress',
    cwd,
    sessionId,
    isApiErrorMessage: random.chance(0.03) || undefined,
    data,
    timestamp: random.chance(0.9) ? line.timestamp : '2026-11-01T10:00:00.000Z',
    uuid: random.fresh('u-'),
  }
}

/** Forks, replays and copies by tools: lines of one file repeated in another (claude-code-logs 3.1). */
function copySome(random: Random, sessions: readonly Session[]): void {
  const from = random.pick(sessions)
  const values = random.pick([...from.files.values()])
  const how = random.pick<Copy>([
    'fork',
    'fork',
    'lost request ids',
    'replayed aside',
    'ids became uuids',
    'new request ids',
  ])
  const copies = assistantCopies(random, values, how)
  const to = random.pick(sessions)
  const path =
    how === 'replayed aside'
      ? `${to.slug}/${to.id}/subagents/agent-aside_question-${random.fresh('')}.jsonl`
      : random.pick([...to.files.keys(), `${to.slug}/${random.fresh('fork-')}.jsonl`, `moved/${from.id}.jsonl`])
  const before = to.files.get(path) ?? []
  to.files.set(path, random.chance(0.5) ? [...copies, ...before] : [...before, ...copies])
}

function noise(random: Random): unknown {
  return random.pick<unknown>([
    {
      type: 'user',
      message: { role: 'user', content: 'look: "usage":{"input_tokens":5}' },
      uuid: random.fresh('u-'),
    },
    { type: 'user', message: { role: 'user', content: [], usage: { input_tokens: 5, output_tokens: 5 } } },
    { type: 'user', toolUseResult: { usage: { input_tokens: 9999, output_tokens: 9999 }, totalTokens: 19998 } },
    { type: 'file-history-snapshot', snapshot: { message: { usage: { input_tokens: 5 } }, type: 'assistant' } },
    { type: 'summary', summary: 'x', usage: { input_tokens: 5, output_tokens: 5 } },
    { type: 'system', subtype: 'compact_boundary', compactMetadata: { preTokens: 150000 } },
    {
      type: 'assistant',
      isApiErrorMessage: true,
      message: { id: random.fresh('msg_'), model: 'claude-opus-4-8', usage: { input_tokens: 5 } },
    },
    { type: 'assistant', message: { id: random.fresh('msg_'), usage: null } },
    { type: 'assistant', message: null, usage: { input_tokens: 5 } },
    { type: 'assistant', usage: { input_tokens: 5 } },
    { type: 'progress', data: { type: 'bash_progress', output: '"usage"' } },
    {
      type: 'progress',
      data: { type: 'agent_progress', message: { type: 'user', message: { usage: { input_tokens: 5 } } } },
    },
    [1, { usage: 5 }],
    'usage',
    42,
    null,
    {},
  ])
}

/** The bytes of a file, with various line ends, torn and repeated lines, and damage between them. */
function written(random: Random, values: readonly unknown[]): Buffer {
  const style = randomStyle(random)
  const end = random.chance(0.1) ? '\r\n' : '\n'
  const parts: Buffer[] = random.chance(0.08) ? [Buffer.from([0xef, 0xbb, 0xbf])] : []
  let doubled = false
  values.forEach((value, index) => {
    const text = render(value, random.chance(0.1) ? randomStyle(random) : style, random)
    const last = index === values.length - 1
    if (!doubled && random.chance(0.03)) parts.push(dirt(random, text))
    parts.push(Buffer.from(text))
    doubled = isPlainObject(value) && isPlainObject(values[index + 1]) && random.chance(0.02)
    const unended = last && random.chance(0.15)
    if (!doubled && !unended) parts.push(Buffer.from(end))
  })
  if (random.chance(0.1) && values.length > 0) {
    const torn = render(values[0], style, random)
    parts.push(Buffer.from(`${end}${torn.slice(0, 1 + random.int(torn.length - 1))}`))
  }
  return Buffer.concat(parts)
}

function dirt(random: Random, text: string): Buffer {
  const torn = text.slice(0, 1 + random.int(Math.max(1, text.length - 1)))
  return random.pick([
    Buffer.from('\n'),
    Buffer.from('\r\n'),
    Buffer.from('\0\0\0\0'),
    Buffer.from('  \t'),
    Buffer.from('{bad\n'),
    Buffer.from('not json at all "usage"\n'),
    Buffer.from(`${torn}\n`),
    Buffer.from([0xff, 0xfe, 0x80, 0x0a]),
    Buffer.concat([
      Buffer.from('{"type":"user","message":{"content":"'),
      Buffer.from([0xc3, 0x28, 0xff]),
      Buffer.from('"}}\n'),
    ]),
  ])
}

/** Files that look like transcripts but are not. */
function decoys(random: Random, sessions: readonly Session[]): Files {
  const { slug, id } = random.pick(sessions)
  const { lines } = hostileResponse(random, { cwd: '/w/decoy', sessionId: id })
  const text = lines.map((line) => `${render(line, { gap: '', shuffle: false, ascii: false }, random)}\n`).join('')
  return Object.fromEntries(
    random
      .some(
        [
          `${slug}/${id}/subagents/workflows/wf_1/journal.jsonl`,
          `${slug}/${id}/tool-results/out.jsonl`,
          `${slug}/memory/notes.jsonl`,
          `${slug}/${id}.jsonl.bak`,
          `${slug}/${id}/subagents/agent-a.meta.json`,
        ],
        0.3,
      )
      .map((path) => [path, text]),
  )
}

/** A repository `main` with the worktree `tree`, written without Git. */
function gitWorktree(home: string): Files {
  return {
    '/repos/main/.git/worktrees/tree/HEAD': 'ref: refs/heads/x\n',
    '/repos/tree/.git': `gitdir: ${home}/repos/main/.git/worktrees/tree\n`,
  }
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
