// Formats numbers for people.
import { NANOS_PER_USD } from '../core/pricing/nano-dollars.js'

const UNITS = ['', 'k', 'M', 'G', 'T', 'P']
const NANOS_PER_CENT = NANOS_PER_USD / 100

export const exact = (count: number): string => groupedDigits(String(count))

/** Three significant digits: 999, 12.3k, 1.23M. */
export function short(count: number): string {
  let value = count
  let unit = 0
  while (Math.round(value) >= 1000 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  if (unit === 0) return String(value)
  return `${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)}${UNITS[unit]}`
}

/** Dollars to the cent: 1,204.90; `<0.01` for anything but 0 that rounds to 0. */
export function cents(nanos: number): string {
  if (nanos === 0) return '0.00'
  const rounded = Math.round(Math.abs(nanos) / NANOS_PER_CENT)
  if (rounded === 0) return '<0.01'
  const text = String(rounded).padStart(3, '0')
  return `${nanos < 0 ? '-' : ''}${groupedDigits(text.slice(0, -2))}.${text.slice(-2)}`
}

/** Exact dollars with two to nine decimals: 1,204.90, 0.000000001. */
export function dollars(nanos: number): string {
  const text = String(Math.abs(nanos)).padStart(10, '0')
  const decimals = text.slice(-9).replace(/0{1,7}$/, '')
  return `${nanos < 0 ? '-' : ''}${groupedDigits(text.slice(0, -9))}.${decimals}`
}

function groupedDigits(text: string): string {
  return text.replace(/\B(?=(?:\d{3})+$)/g, ',')
}
