// Lines copied by agents and tools (claude-code-logs 3.1): what each kind of copy keeps and what it changes.
import type { Fields } from './line.js'
import type { Random } from './random.js'

export type Copy = 'fork' | 'lost request ids' | 'replayed aside' | 'ids became uuids' | 'new request ids'

/** Copies of the first values; only assistant lines are changed. */
export function assistantCopies(random: Random, values: readonly unknown[], how: Copy): unknown[] {
  const sessionId = random.fresh('session-')
  return values.slice(0, 1 + random.int(values.length)).map((value) => {
    if (!isAssistant(value)) return value
    const line = { ...value, sessionId }
    const { message } = value
    switch (how) {
      case 'fork':
        return line
      case 'lost request ids':
        return { ...line, requestId: undefined }
      case 'new request ids':
        return { ...line, requestId: random.fresh('req_'), uuid: random.fresh('u-') }
      case 'replayed aside':
        return {
          ...line,
          isSidechain: true,
          requestId: random.fresh('req_'),
          uuid: random.fresh('u-'),
          message: inflated(random, message),
        }
      case 'ids became uuids': {
        const uuid = random.fresh('u-')
        return { ...line, uuid, message: { ...message, id: uuid } }
      }
    }
  })
}

/** A replay, which reads the conversation from the cache again. */
function inflated(random: Random, message: Fields): Fields {
  const usage = message.usage as Fields | undefined
  return { ...message, usage: { ...usage, cache_read_input_tokens: random.int(400_000) } }
}

function isAssistant(value: unknown): value is Fields & { readonly message: Fields } {
  if (typeof value !== 'object' || value === null) return false
  const { type, message } = value as Fields
  return type === 'assistant' && typeof message === 'object' && message !== null
}
