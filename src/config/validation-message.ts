// Describes what a validator found wrong in a user's file: the key, the reason and the value.
import type { z as Zod } from 'zod'

/** For example `models.glm-4.7.prices[0].input: …, found "x"`. @param content the validated content */
export function validationMessage(issue: Zod.core.$ZodIssue, content: unknown): string {
  const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const path = [...issue.path, ...keys]
  const key = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  const value = path.reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step], content)
  // JSON has no word for NaN, the infinities and missing values.
  const shown = typeof value === 'number' ? String(value) : value === undefined ? 'nothing' : JSON.stringify(value)
  return `${key.replace(/^\./, '') || 'the file'}: ${issue.message}, found ${shown.slice(0, 80)}`
}
