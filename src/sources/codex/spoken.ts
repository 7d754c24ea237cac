// Whether a line is output of the model. It tells counts of a derived rollout's own from a total that it was given to go
// on with (codex-logs 4.2).
import { fields, text, type Fields } from '../json.js'

/** Of an `event_msg`. From 0.145 on, what the user said is an item, too. */
export function isSpokenEvent(payload: Fields): boolean {
  const type = text(payload.type)
  if (type === 'item_completed') return text(fields(payload.item)?.type) !== 'UserMessage'
  return type === 'agent_message' || type.startsWith('agent_reasoning')
}

/** Of a `response_item`: also what others said stands in one. */
export function isSpokenItem({ type, role }: Fields): boolean {
  if (type === 'message') return role === 'assistant'
  return type === 'reasoning' || text(type).endsWith('_call')
}
