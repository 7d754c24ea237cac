// The Content-Security-Policy of the page at `/`: it loads nothing but its own parts. A file of its own because every
// response carries the policy, and most are no page.
import { createHash } from 'node:crypto'
import { script } from './script.js'
import { style } from './style.js'

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Content-Security-Policy of the page. */
export const landingPolicy =
  `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; connect-src 'self'; img-src data:; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
