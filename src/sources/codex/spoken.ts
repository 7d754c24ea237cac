// Detects output of the model. It distinguishes a derived rollout's own counts from a total that it was given to
// continue from (codex-logs 4.2).
import { fields, text, type Fields } from '../json.js'

/** For an `event_msg`. From 0.145 on, the user's messages are items, too. */
export function isSpokenEvent(payload: Fields): boolean {
  const type = text(payload.type)
  if (type === 'item_completed') return text(fields(payload.item)?.type) !== 'UserMessage'
  return type === 'agent_message' || type.startsWith('agent_reasoning')
}

/** For a `response_item`, which may also be a message of the user or the developer. */
export function isSpokenItem({ type, role }: Fields): boolean {
  if (type === 'message') return role === 'assistant'
  return type === 'reasoning' || text(type).endsWith('_call')
}
