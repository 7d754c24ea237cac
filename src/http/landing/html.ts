// HTML from templates in which every value is escaped, so that forgetting it is not possible; and how numbers look.

/** HTML, as opposed to text that has to be escaped. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Value = Html | string | number | readonly Html[]

export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.map((part, index) => part + (index < values.length ? textOf(values[index]!) : '')).join(''))
}

export const nothing = new Html('')

function textOf(value: Value): string {
  if (value instanceof Html) return value.text
  if (typeof value === 'object') return value.map(({ text }) => text).join('')
  // HTML has no way to write most control characters.
  const text = String(value).replace(/[^\P{Cc}\t\n]/gu, '\uFFFD')
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A name that a stranger chose: it keeps its direction to itself, and is whole in the tooltip where it is cut off. */
export const named = (name: string): Html => html`<bdi class="name" title="${name}">${name}</bdi>`

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const roundDollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', notation: 'compact' })
const numbers = new Intl.NumberFormat('en-US')

/** `$1,234.56`; what is more than nothing and less than a cent says so. */
export const money = (usd: number): string => (usd > 0 && usd < 0.005 ? '< $0.01' : dollars.format(usd))
/** `$0.50`, `$25`, `$1.5K`: for an axis. */
export const roundMoney = (usd: number): string => (usd < 1000 && !Number.isInteger(usd) ? dollars : roundDollars).format(usd)
export const number = (value: number): string => numbers.format(value)
export const count = (value: number, noun: string): string => `${number(value)} ${noun}${value === 1 ? '' : 's'}`

const dayNames = new Intl.DateTimeFormat('en', { timeZone: 'UTC', day: 'numeric', month: 'short' })
const longDayNames = new Intl.DateTimeFormat('en', { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' })

/** `Nov 22`. @param date `2026-11-22` */
export const shortDay = (date: string): string => dayNames.format(new Date(date))
/** `Sun, Nov 22` */
export const longDay = (date: string): string => longDayNames.format(new Date(date))
