// The words that name agents, and the files that may contain them. An ESLint rule checks the program, and
// test/lint/agent-words.test.ts checks every file of the repository.
import { relative } from 'node:path'
import { REGISTRIES } from './rooms.js'

/**
 * Words that name an agent, by the agent's folder in sources/. Planned agents are listed as well.
 * @type {Readonly<Record<string, RegExp>>}
 */
export const AGENT_WORDS = {
  'claude-code': /claude/gi,
  codex: /codex/gi,
  'copilot-cli': /copilot[-_ ]?cli/gi,
  'gemini-cli': /gemini[-_ ]?cli/gi,
  'kimi-code': /kimi[-_ ]?(?:code|cli)/gi,
  opencode: /opencode/gi,
  // Includes agents that write the same format; not `Math.PI` or `raspberry-pi`.
  pi: /(?<![\w.-])pi(?![\w-])|\bpi_(?=[a-z])|oh[-_ ]?my[-_ ]?pi|open[-_ ]?claw/gi,
  'qwen-code': /qwen[-_ ]?code/gi,
}

/** Citations of format pages, as in "(claude-code-logs 5.3)", which do not depend on the agent. */
const CITATION = /\b[a-z-]+-logs \d+(?:\.\d+)*/g

/** Allowed in prices/: model families, and parts of model names, that have the name of an agent. */
const FAMILY =
  /\bclaude\b(?![-_ ]?code)|\bclaude-code(?=\)?\\?\/)|\bgpt-\d+(?:\.\d+)?-codex\b|\bcodex-(?:(?:mini|auto-review)\b|\|)/gi

/** Allowed in sources/: the prefix of a model family, which several agents use. */
const MODEL = /\bclaude-(?!code)/g

const PRICES = /^src\/prices\//
const SOURCE_FOLDER = /^src\/sources\/([^/]+)\//

/** Files in which any agent may be named, and why. */
export const OPEN_PLACES = [
  { path: new RegExp(`^src/sources/(?:${REGISTRIES.join('|')})\\.ts$`), why: 'registries: a line for each agent' },
  { path: /^(?:test|bench)\//, why: 'tests read the logs of agents; benches write them' },
  { path: /^grafana\/rules\/tests\//, why: 'tests of rules' },
  { path: /^src\/prices\/families\//, why: 'platforms write the names of agents into those of models' },
  { path: /\.md$/, why: 'documentation' },
  { path: /^(?:Dockerfile|grafana\/compose\.yaml)$/, why: 'where a container finds the logs' },
  { path: /^\.ci\/image$/, why: 'the logs with which the image is tested' },
  { path: /^package\.json$/, why: 'keywords' },
  { path: /^lint\/agent-words\.js$/, why: 'this list' },
]

/**
 * @typedef {{ agent: string, word: string, index: number }} Found
 * @param {string} path from the top of the repository, with `/`
 * @param {string} text
 * @returns {Found[]} words in the text of a file that name agents other than that of its own folder
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
 * Words that a file must have neither in its text nor in its path.
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
