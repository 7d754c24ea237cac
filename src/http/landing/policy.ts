// The Content-Security-Policy of the page at `/`, which allows only the page's own parts. It has a file of its own
// because every response carries the policy, and most are not the page.
import { createHash } from 'node:crypto'
import { script } from './script.js'
import { style } from './style.js'

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

export const landingPolicy =
  `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; connect-src 'self'; img-src data:; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
