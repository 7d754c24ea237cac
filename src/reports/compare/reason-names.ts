// The names of reasons, for people and in JSON.
import type { PriceReason, Reason } from '../../core/report/reasons.js'

interface Name {
  readonly text: string
  readonly json: string
}

type PlainReason = Exclude<Reason['kind'], 'prices'>

/** By the rule that the file does not follow, or by kind. README.md has the same list. */
export const REASON_NAMES: Readonly<Record<PriceReason | PlainReason, Name>> = {
  untold: { text: 'not in the file', json: 'not_in_file' },
  uncounted: { text: 'not counted', json: 'not_counted' },
  days: { text: 'different time zone', json: 'time_zone' },
  reduced: { text: 'discounted', json: 'discount' },
  thinking: { text: 'no thinking tokens', json: 'no_thinking_tokens' },
  listed: { text: 'list price', json: 'list_price' },
  today: { text: "today's price", json: 'todays_price' },
  short: { text: 'no long price', json: 'no_long_price' },
  parts: { text: 'partial long price', json: 'partial_long_price' },
  searches: { text: 'web searches free', json: 'free_web_searches' },
  modifiers: { text: 'no price factors', json: 'no_price_factors' },
}

/** Empty if there is no reason. */
export function namesOf(reason: Reason | undefined): readonly Name[] {
  if (reason === undefined) return []
  return (reason.kind === 'prices' ? reason.broken : [reason.kind]).map((each) => REASON_NAMES[each])
}
