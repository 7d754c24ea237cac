// A reference for Gemini CLI's chats (other-agents 2), written from the format page alone, without code of src/.
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { filesBelow, linesIn } from './files.js'
import { isObject, type JsonObject } from './objects.js'
import { count, trimmed } from './record.js'
import { sumsOf, type Sums, type Use } from './sums.js'
import { timestampMs } from './timestamp.js'

/** USD per million tokens: input, output, read; the second row for prompts above 200,000 tokens (other-agents 2.3). */
const PRICES: Readonly<Record<string, readonly (readonly [number, number, number])[]>> = {
  'gemini-2.5-pro': [
    [1.25, 10, 0.125],
    [2.5, 15, 0.25],
  ],
  'gemini-2.5-flash': [[0.3, 2.5, 0.03]],
  'gemini-3-pro-preview': [
    [2, 12, 0.2],
    [4, 18, 0.4],
  ],
  'gemini-3-flash-preview': [[0.5, 3, 0.05]],
  'gemini-3.5-flash': [[1.5, 9, 0.15]],
}

/** What the exporter must show for these homes. */
export function geminiReference(homes: readonly string[]): Sums {
  const uses = new Map<string, Use>()
  for (const home of homes) {
    const chats = filesBelow(home).filter(
      ({ parts }) => parts.includes('chats') && /\.jsonl?$/.test(parts.at(-1)!) && parts.includes('tmp'),
    )
    for (const { path, parts } of chats) {
      const slug = path
        .split('/')
        .slice(0, path.split('/').length - parts.length + parts.lastIndexOf('chats'))
        .join('/')
      const said = path.endsWith('.json') ? [JSON.parse(readFileSync(path, 'utf8')) as JsonObject] : linesIn(path)
      for (const message of said.flatMap(messagesOf)) {
        const use = useOf(message, projectOf(slug))
        const known = uses.get(trimmed(message.id))
        if (use !== undefined && (known === undefined || sum(use) > sum(known))) uses.set(trimmed(message.id), use)
      }
    }
  }
  return sumsOf([...uses.values()])
}

function messagesOf(line: JsonObject): JsonObject[] {
  const lists: unknown[] = [[line], isObject(line.$set) ? line.$set.messages : [], line.messages]
  return lists.filter(Array.isArray).flat().filter(isObject)
}

function useOf(message: JsonObject, project: string): Use | undefined {
  const { tokens } = message
  if (message.type !== 'gemini' || !isObject(tokens)) return undefined
  const [prompt, answer, cached, thoughts, tool, total] = [
    'input',
    'output',
    'cached',
    'thoughts',
    'tool',
    'total',
  ].map((name) => count(tokens[name])) as [number, number, number, number, number, number]
  const net = cached > 0 && total === prompt + cached + answer + thoughts + tool
  const inside = thoughts > 0 && [prompt + answer, prompt + answer + tool].includes(total)
  const input = (net ? prompt : Math.max(0, prompt - cached)) + tool
  const output = inside ? answer : answer + thoughts
  if (input + output + cached === 0) return undefined
  const model = trimmed(message.model)
  const rows = PRICES[model]
  const [perInput = 0, perOutput = 0, perRead = 0] = rows?.[input + cached > 200_000 ? rows.length - 1 : 0] ?? []
  return {
    project,
    model,
    timestampMs: timestampMs(message.timestamp) ?? Number.NaN,
    input,
    output,
    cacheRead: cached,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    nanos: Math.round(1000 * (input * perInput + output * perOutput + cached * perRead)),
  }
}

function sum({ input, output, cacheRead }: Use): number {
  return input + output + cacheRead
}

/** @param slug the directory of the project below tmp/ */
function projectOf(slug: string): string {
  const marker = join(slug, '.project_root')
  if (existsSync(marker)) return readFileSync(marker, 'utf8').trim()
  const list = join(dirname(dirname(slug)), 'projects.json')
  const { projects = {} } = existsSync(list)
    ? (JSON.parse(readFileSync(list, 'utf8')) as { projects?: Record<string, string> })
    : {}
  return Object.keys(projects).find((path) => projects[path] === basename(slug)) ?? basename(slug)
}
