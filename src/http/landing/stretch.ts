// The stretch of time that the chart and the rankings cover: 30 days or 12 months. It is chosen by the page's address,
// so the choice needs no script, and can be bookmarked.
import type { Rankings, Spend } from '../summary-schema.js'
import { html, longDay, monthOf, shortDay, shortMonth, type Html } from './html.js'

export const STRETCHES = ['30-days', '12-months'] as const
export type StretchName = (typeof STRETCHES)[number]

export interface Bar {
  /** `Sun, Nov 22` */
  readonly name: string
  readonly usd: number
  /** The label below the bar, if it has one. */
  readonly tick?: string
}

export interface Stretch extends Rankings {
  readonly name: StretchName
  /** `30 days` */
  readonly length: string
  readonly unit: 'day' | 'month'
  /** `on` for a day, `in` for a month. */
  readonly preposition: string
  readonly current: string
  /** Oldest first, the current one last. */
  readonly bars: readonly Bar[]
}

const PARAMETER = 'last'

/** The stretch that the query of an address asks for; by default, 30 days. */
export function stretchAsked(query: URLSearchParams): StretchName {
  const asked = query.get(PARAMETER)
  return STRETCHES.find((name) => name === asked) ?? '30-days'
}

export function stretchOf(spend: Spend, name: StretchName): Stretch {
  if (name === '12-months') {
    const { months, ...rankings } = spend.twelve_months
    const bars = months.map(({ month, usd }) => ({ name: monthOf(month), usd, tick: shortMonth(month) }))
    return { name, length: '12 months', unit: 'month', preposition: 'in', current: 'this month', bars, ...rankings }
  }
  const { days, agents, projects, models } = spend
  // Today, and every seventh day before it.
  const hasTick = (index: number): boolean => (days.length - 1 - index) % 7 === 0
  const bars = days.map(({ date, usd }, index) => ({
    name: longDay(date),
    usd,
    ...(hasTick(index) && { tick: shortDay(date) }),
  }))
  const rankings = { agents, projects, models }
  return { name, length: '30 days', unit: 'day', preposition: 'on', current: 'today', bars, ...rankings }
}

/** Links to both stretches, which lead to the chart again. */
export function renderChoice(chosen: StretchName): Html {
  const links = STRETCHES.map(
    (name) =>
      html`<a href="./?${PARAMETER}=${name}#spend-over-time" ${name === chosen ? html` aria-current="true"` : ''}
        >${name.replace('-', ' ')}</a
      > `,
  )
  return html`<nav class="choice" aria-label="Time shown">${links}</nav>`
}
