// HTML templates that escape every value, so that none can be forgotten, and formats for numbers and dates.

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
  // HTML cannot represent most control characters.
  const text = String(value).replace(/[^\P{Cc}\t\n]/gu, '\uFFFD')
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A name from a log. Its text direction does not affect the rest of the page, and its tooltip shows it in full. */
export const named = (name: string): Html => html`<bdi class="name" title="${name}">${name}</bdi>`

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const roundDollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', notation: 'compact' })
const roundNumbers = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 })
const numbers = new Intl.NumberFormat('en-US')

/** `$1,234.56`; `< $0.01` for amounts above 0 that round to 0. */
export const money = (usd: number): string => (usd > 0 && usd < 0.005 ? '< $0.01' : dollars.format(usd))
/** `$0.50`, `$25`, `$1.5K`: for an axis. */
export const roundMoney = (usd: number): string =>
  (usd < 1000 && !Number.isInteger(usd) ? dollars : roundDollars).format(usd)
export const number = (value: number): string => numbers.format(value)
/** `12.3M`: for large numbers whose last digits do not matter. */
export const roundNumber = (value: number): string => roundNumbers.format(value)
export const count = (value: number, noun: string): string => `${number(value)} ${noun}${value === 1 ? '' : 's'}`

const dayNames = new Intl.DateTimeFormat('en', { timeZone: 'UTC', day: 'numeric', month: 'short' })
const longDayNames = new Intl.DateTimeFormat('en', {
  timeZone: 'UTC',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
})

const fullDayNames = new Intl.DateTimeFormat('en', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' })
const shortMonthNames = new Intl.DateTimeFormat('en', { timeZone: 'UTC', month: 'short' })
const monthNames = new Intl.DateTimeFormat('en', { timeZone: 'UTC', month: 'long', year: 'numeric' })

/** `Nov 22`. @param date `2026-11-22` */
export const shortDay = (date: string): string => dayNames.format(new Date(date))
/** `Sun, Nov 22` */
export const longDay = (date: string): string => longDayNames.format(new Date(date))
/** `Nov 22, 2026` */
export const fullDay = (date: string): string => fullDayNames.format(new Date(date))
/** `Nov`. @param month `2026-11` */
export const shortMonth = (month: string): string => shortMonthNames.format(new Date(month))
/** `November 2026`. @param date `2026-11-22` or `2026-11` */
export const monthOf = (date: string): string => monthNames.format(new Date(date))

/** A bar below a name. @param share 0…1; more is drawn as 1 */
export const bar = (share: number, look = ''): Html =>
  html`<svg class="share ${look}" aria-hidden="true">
    <rect width="${(Math.min(share, 1) * 100).toFixed(1)}%" height="3" rx="1.5" />
  </svg>`
