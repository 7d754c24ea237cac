// What `check` prints, as it looks in terminals of several widths.
import { expect, it } from 'vitest'
import { sectionsText } from '../../src/app/check-text.js'

const SECTIONS = [
  {
    title: 'Settings',
    rows: [
      ['log.level', 'environment', 'warn'],
      ['kimi.home', 'default', '/home/ada/.kimi-code, /home/ada/with spaces/home, /home/ada/.kimi'],
    ],
  },
  { title: 'Logs', rows: [] },
  { title: 'In use', rows: [['push', 'off']] },
]

it('in one line each, where no terminal ends', () => {
  expect(`\n${sectionsText(SECTIONS, Infinity)}`).toBe(`
Settings:
  log.level  environment  warn
  kimi.home  default      /home/ada/.kimi-code, /home/ada/with spaces/home, /home/ada/.kimi

In use:
  push  off
`)
})

it('wrapped between the parts of a list, never within one', () => {
  expect(sectionsText(SECTIONS, 64)).toContain(`
  kimi.home  default      /home/ada/.kimi-code,
                          /home/ada/with spaces/home,
                          /home/ada/.kimi
`)
  expect(sectionsText(SECTIONS, 74)).toContain(`
  kimi.home  default      /home/ada/.kimi-code,
                          /home/ada/with spaces/home, /home/ada/.kimi
`)
  const lines = sectionsText(SECTIONS, 20).split('\n')
  expect(lines.filter((line) => line.includes('/'))).toHaveLength(3)
})

it.each([64, 70, 73, 80])('no line that could be shorter is wider than %d columns', (width) => {
  for (const line of sectionsText(SECTIONS, width).split('\n')) expect(line.length).toBeLessThanOrEqual(width)
})
