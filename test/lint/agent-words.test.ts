// Agents may be named in their own folders, in the registry, in tests and in documentation, and in no other file.
import { expect, test } from 'vitest'
import { AGENT_WORDS, OPEN_PLACES, agentWords } from '../../lint/agent-words.js'
import { SOURCES } from '../../src/sources/index.js'
import { files, isText, read } from '../docs/repository.js'

const words = (path: string, text: string): string[] => agentWords(path, text).map(({ word }) => word)

test('no file names an agent outside the allowed places', () => {
  const found = files.filter(isText).flatMap((path) => words(path, read(path)).map((word) => `${path}: ${word}`))
  expect(found).toEqual([])
})

test('every allowed place exists', () => {
  const unused = OPEN_PLACES.filter(({ path }) => !files.some((file) => path.test(file)))
  expect(unused).toEqual([])
})

test('the words include every agent of the registry', () => {
  for (const { agent } of SOURCES) expect(words('src/core/cursor.ts', `'${agent}'`), agent).toHaveLength(1)
})

test.each([
  ['src/core/cursor.ts', '// As Claude Code writes it', ['Claude']],
  ['src/core/cursor.ts', "if (agent === 'claude-code')", ['claude']],
  ['src/core/cursor.ts', 'claudeConfigDirs', ['claude']],
  ['src/core/cursor.ts', '// another inode is another file (claude-code-logs 6).', []],
  ['src/core/cursor.ts', '// (codex-logs 4.4) and what Codex does', ['Codex']],
  [
    'src/core/cursor.ts',
    'Gemini CLI, gemini-cli, qwen_code, Copilot CLI',
    ['Copilot CLI', 'Gemini CLI', 'gemini-cli', 'qwen_code'],
  ],
  ['src/core/cursor.ts', "codexHome = env['CODEX_HOME'] ?? geminiCliHome", ['codex', 'CODEX', 'geminiCli']],
  ['src/core/cursor.ts', 'gemini-3-pro', []],
  ['src/core/cursor.ts', "'pi', Oh My Pi, OPENCLAW, openclaw", ['pi', 'Oh My Pi', 'OPENCLAW', 'openclaw']],
  ['src/core/cursor.ts', "env['PI_CODING_AGENT_DIR']", ['PI_']],
  ['src/core/cursor.ts', 'Math.PI, raspberry-pi, api, pi-hole, pie', []],
  ['src/ingest/codex/files.ts', 'nothing', ['codex']],
  ['src/prices/prices.ts', "family: 'claude'", []],
  ['src/prices/prices.ts', String.raw`/^(?:litellm|claude-code)\//`, []],
  ['src/prices/prices.ts', '// as Claude Code writes it', ['Claude']],
  ['src/sources/claude-code/reader.ts', '// Claude Code, not Codex', ['Codex']],
  ['src/sources/codex/reader.ts', '// Codex, not Claude', ['Claude']],
  ['src/sources/codex/reader.ts', "name.startsWith('claude-')", []],
  ['src/sources/codex/reader.ts', "'claude-code', Claude-opus", ['claude', 'Claude']],
  ['src/core/cursor.ts', "name.startsWith('claude-')", ['claude']],
  ['src/sources/index.ts', 'claudeCode, codex', []],
  ['grafana/rules/spend.yaml', 'Claude', ['Claude']],
  ['docs/some.md', 'Claude', []],
])('finds the agent words in %s: %s', (path, text, expected) => {
  expect(words(path, text)).toEqual(expected)
})

test('the words by agent include claude-code', () => {
  expect(Object.keys(AGENT_WORDS)).toContain('claude-code')
})
