// The words for agents, and the places that may hold them. An ESLint rule holds the program to it, and
// test/lint/agent-words.test.ts every file of the repository.
import { relative } from 'node:path'
import { REGISTRIES } from './rooms.js'

/**
 * What gives an agent away, by the name of its folder in sources/. Those to come are listed, too.
 * @type {Readonly<Record<string, RegExp>>}
 */
export const AGENT_WORDS = {
  'claude-code': /claude/gi,
  codex: /codex/gi,
  'copilot-cli': /copilot[-_ ]?cli/gi,
  'gemini-cli': /gemini[-_ ]?cli/gi,
  'kimi-code': /kimi[-_ ]?(?:code|cli)/gi,
  opencode: /opencode/gi,
  // With those that write its format; not `Math.PI`, nor `raspberry-pi`.
  pi: /(?<![\w.-])pi(?![\w-])|\bpi_(?=[a-z])|oh[-_ ]?my[-_ ]?pi|open[-_ ]?claw/gi,
  'qwen-code': /qwen[-_ ]?code/gi,
}

/** Citing the document of a format is no dependency on its agent: "(claude-code-logs 5.3)". */
const CITATION = /\b[a-z-]+-logs \d+(?:\.\d+)*/g

/** In prices/: a family of models, a folder in a model's name or a part of it, that is called like an agent. */
const FAMILY =
  /\bclaude\b(?![-_ ]?code)|\bclaude-code(?=\)?\\?\/)|\bgpt-\d+(?:\.\d+)?-codex\b|\bcodex-(?:(?:mini|auto-review)\b|\|)/gi

/** In sources/: how the names of a family of models begin, which more than one agent may use. */
const MODEL = /\bclaude-(?!code)/g

const PRICES = /^src\/prices\//
const SOURCE_FOLDER = /^src\/sources\/([^/]+)\//

/** Where any agent may be named, and why. */
export const OPEN_PLACES = [
  { path: new RegExp(`^src/sources/(?:${REGISTRIES.join('|')})\\.ts$`), why: 'registries: a line for each agent' },
  { path: /^(?:test|bench)\//, why: 'tests read the logs of agents; benches write them' },
  { path: /^grafana\/rules\/tests\//, why: 'tests of rules' },
  { path: /^src\/prices\/families\//, why: 'platforms write the names of agents into those of models' },
  { path: /\.md$/, why: 'documentation' },
  { path: /^(?:Dockerfile|grafana\/compose\.yaml)$/, why: 'where a container finds the logs' },
  { path: /^\.ci\/image$/, why: 'the logs with which it is tried' },
  { path: /^package\.json$/, why: 'keywords' },
  { path: /^lint\/agent-words\.js$/, why: 'this list' },
]

/**
 * @typedef {{ agent: string, word: string, index: number }} Found
 * @param {string} path from the top of the repository, with `/`
 * @param {string} text
 * @returns {Found[]} the words for agents in the text of a file, but for that of its own folder
 */
export function wordsIn(path, text) {
  const own = SOURCE_FOLDER.exec(path)?.[1]
  /** @param {string} match */
  const blank = (match) => ' '.repeat(match.length)
  let left = text.replace(CITATION, blank)
  if (PRICES.test(path)) left = left.replace(FAMILY, blank)
  if (SOURCE_FOLDER.test(path)) left = left.replace(MODEL, blank)
  return Object.entries(AGENT_WORDS)
    .filter(([agent]) => agent !== own)
    .flatMap(([agent, words]) =>
      [...left.matchAll(words)].map((match) => ({ agent, word: match[0], index: match.index })),
    )
}

/**
 * The words for agents that a file must not hold, nor have in its name.
 * @param {string} path @param {string} text
 */
export function agentWords(path, text) {
  if (OPEN_PLACES.some((place) => place.path.test(path))) return []
  return [...wordsIn(path, path).map((found) => ({ ...found, index: 0 })), ...wordsIn(path, text)]
}

/** @type {import('eslint').Rule.RuleModule} */
export const noAgentWords = {
  meta: {
    type: 'problem',
    messages: { word: "'{{word}}': everything outside sources/<agent> is agent-agnostic (lint/agent-words.js)." },
  },
  create: ({ cwd, filename, report, sourceCode }) => ({
    Program() {
      const path = relative(cwd, filename).replaceAll('\\', '/')
      for (const { word, index } of agentWords(path, sourceCode.text)) {
        const loc = { start: sourceCode.getLocFromIndex(index), end: sourceCode.getLocFromIndex(index + word.length) }
        report({ loc, messageId: 'word', data: { word } })
      }
    },
  }),
}
