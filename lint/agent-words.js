// The words that name agents, and the places that may contain them. An ESLint rule checks the program, and
// test/lint/agent-words.test.ts checks every file of the repository.
import { relative } from 'node:path'
import { REGISTRIES } from './rooms.js'

/**
 * The words that reveal an agent, by the name of its folder in sources/. Agents without a source yet are listed, too.
 * @type {Readonly<Record<string, RegExp>>}
 */
export const AGENT_WORDS = {
  'claude-code': /claude/gi,
  codex: /codex/gi,
  'copilot-cli': /copilot[-_ ]?cli/gi,
  'gemini-cli': /gemini[-_ ]?cli/gi,
  'kimi-code': /kimi[-_ ]?(?:code|cli)/gi,
  opencode: /opencode/gi,
  // Includes the other agents that write its format; excludes `Math.PI` and `raspberry-pi`.
  pi: /(?<![\w.-])pi(?![\w-])|\bpi_(?=[a-z])|oh[-_ ]?my[-_ ]?pi|open[-_ ]?claw/gi,
  'qwen-code': /qwen[-_ ]?code/gi,
}

/** Citing the document of a format, as in "(claude-code-logs 5.3)", is not a dependency on its agent. */
const CITATION = /\b[a-z-]+-logs \d+(?:\.\d+)*/g

/** In prices/: a family of models, or a part of a model's name or path, with the name of an agent. */
const FAMILY =
  /\bclaude\b(?![-_ ]?code)|\bclaude-code(?=\)?\\?\/)|\bgpt-\d+(?:\.\d+)?-codex\b|\bcodex-(?:(?:mini|auto-review)\b|\|)/gi

/** In sources/: the prefix of a family of models that more than one agent may use. */
const MODEL = /\bclaude-(?!code)/g

const PRICES = /^src\/prices\//
const SOURCE_FOLDER = /^src\/sources\/([^/]+)\//

/** The places that may name any agent, with the reasons. */
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
 * @returns {Found[]} the words for agents in the text of a file, except that of its own folder
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
 * The words for agents that a file contains, or has in its name, but must not.
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
