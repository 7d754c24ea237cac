// A large tree that grows like that of a busy machine: sessions continue and begin, responses arrive in snapshots, lines reach
// the disk in pieces. Every response keeps its model and every session its project, so no order of reading needs a correction.
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { line } from '../../support/line.js'
import type { Random } from '../../support/random.js'

const MODELS = ['claude-opus-4-8', 'claude-sonnet-5', 'claude-haiku-5-5', 'claude-fable-5', 'glm-4.7']
const LINES_A_FILE = 100
/** Most lines are long, like lines with whole files in them, so that a first pass lasts long enough to be killed. */
const LONG_TEXT = 'some code "quoted" and so on\n'.repeat(200)

export interface GrowingTree {
  readonly configDir: string
  /** Writes a small change: half a line, the rest of a line, a snapshot, a response, or a session. */
  grow(): void
  /** Removes every other file; call it only once these files have been read. */
  removeHalf(): void
}

export function plantGrowingTree(configDir: string, random: Random, files: number): GrowingTree {
  const paths: string[] = []
  /** Bytes that must be written to a file before anything else is. */
  const rest = new Map<string, string>()

  function begin(): string {
    const project = `project-${random.int(4) + Math.floor(paths.length / 8)}`
    const session = random.fresh('session-')
    const below = random.chance(0.3) ? `${session}/subagents/agent-a.jsonl` : `${session}.jsonl`
    const path = join(configDir, 'projects', `-w-${project}`, below)
    mkdirSync(dirname(path), { recursive: true })
    paths.push(path)
    return path
  }

  function response(path: string, text: string): string[] {
    const cwd = `/w/${/-w-([^/\\]+)/.exec(path)![1]!}`
    const name = `${random.fresh('msg_')}/${random.fresh('req_')} ${random.pick(MODELS)}`
    const prompt = `${random.int(3000)}/${random.int(3000)}/${random.int(90_000)}`
    const input = random.int(2000)
    const outputs = Array.from({ length: 1 + random.int(3) }, () => 1 + random.int(900)).sort((a, b) => a - b)
    const content = [{ type: 'text', text }]
    const extra = { line: { cwd }, message: { content } }
    return outputs.map((output) => line(`${name} ${input}/${output}/${prompt}`, extra))
  }

  function whole(path: string): string {
    const all: string[] = []
    while (all.length < LINES_A_FILE) all.push(...response(path, LONG_TEXT))
    return `${all.join('\n')}\n`
  }

  for (let n = 0; n < files; n++) {
    const path = begin()
    writeFileSync(path, whole(path))
  }

  return {
    configDir,
    grow() {
      const path = random.chance(0.1) ? begin() : random.pick(paths)
      const text = rest.get(path) ?? `${response(path, 'ok').join('\n')}\n`
      const cut = random.chance(0.4) ? random.int(text.length) : text.length
      appendFileSync(path, text.slice(0, cut))
      if (cut === text.length) rest.delete(path)
      else rest.set(path, text.slice(cut))
    },
    removeHalf() {
      for (const path of paths.splice(0)) {
        if (random.chance(0.5)) {
          if (existsSync(path)) rmSync(path)
          rest.delete(path)
        } else paths.push(path)
      }
    },
  }
}
