// The issue forms are valid for GitHub, which hides an invalid form without an error.
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { below, read } from './repository.js'

const attributes = z.strictObject({
  label: z.string(),
  description: z.string().optional(),
  placeholder: z.string().optional(),
  render: z.string().optional(),
})
const field = z.strictObject({
  type: z.enum(['input', 'textarea']),
  id: z.string().regex(/^[\w-]+$/),
  attributes,
  validations: z.strictObject({ required: z.boolean() }).optional(),
})
const form = z.strictObject({
  name: z.string().min(3),
  description: z.string().min(3),
  labels: z.array(z.string()),
  body: z.array(field).min(1),
})

const forms = below('.github/ISSUE_TEMPLATE').filter((path) => !path.endsWith('/config.yml'))

test.each(forms)('%s is a valid issue form', (path) => {
  const { body } = form.parse(parse(read(path)))
  for (const values of [body.map(({ id }) => id), body.map(({ attributes: { label } }) => label)])
    expect(new Set(values).size).toBe(values.length)
  expect(body.some(({ validations }) => validations?.required)).toBe(true)
})

test('there are several issue forms and a valid config.yml', () => {
  expect(forms.length).toBeGreaterThan(1)
  const config = z.strictObject({ blank_issues_enabled: z.boolean() })
  config.parse(parse(read('.github/ISSUE_TEMPLATE/config.yml')))
})
