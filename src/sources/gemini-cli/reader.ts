// The responses in a chat (other-agents 2.2). A message is written again whenever it changes, and all messages when the
// conversation is compressed or resumed; its id is always the same. Rewound responses were billed, too.
import type { LineReader } from '../../decode/decoder.js'
import { fields, text, type Fields } from '../json.js'
import { isPlausible } from '../plausible.js'
import type { Transcript, UsageSink } from '../source.js'
import { parseTimestamp } from '../timestamp.js'
import { NAME } from './names.js'
import { workingDirectory } from './project.js'
import { tokensOf } from './tokens.js'

export class ChatReader implements LineReader {
  readonly #sink: UsageSink

  constructor(file: Transcript, sink: UsageSink) {
    this.#sink = sink
    const directory = sink.wantsCwd ? workingDirectory(file.path) : undefined
    if (directory !== undefined) sink.cwd(directory)
  }

  read(value: unknown): void {
    const line = fields(value)
    if (line === undefined) return
    this.#message(line)
    this.#messages(fields(line.$set)?.messages)
    // Up to version 0.38, a chat is one object.
    this.#messages(line.messages)
  }

  #messages(all: unknown): void {
    if (!Array.isArray(all)) return
    for (const each of all) {
      const message = fields(each)
      if (message !== undefined) this.#message(message)
    }
  }

  #message(message: Fields): void {
    // Absent until the answer is complete.
    const logged = fields(message.tokens)
    const id = text(message.id)
    if (message.type !== 'gemini' || logged === undefined || id === '') return
    const tokens = tokensOf(logged)
    if (Object.values(tokens).every((count) => count === 0)) this.#sink.skip('no_tokens')
    else if (!isPlausible(tokens)) this.#sink.skip('implausible')
    else {
      const timeMs = parseTimestamp(message.timestamp)
      this.#sink.response({ key: [NAME.message, id], model: text(message.model), timeMs, tokens })
    }
  }
}
