// The price file of a schedule. Prices only rise, so that a cost booked again after a lost state is never lower.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PRICED = ['claude-opus-4-8', 'claude-sonnet-5']

export class Prices {
  readonly path: string
  level = 0

  constructor(dir: string) {
    this.path = join(dir, 'prices.json')
    this.raise()
  }

  raise(): void {
    this.level += 1
    this.mend()
  }

  /** Makes the file invalid. */
  spoil(): void {
    writeFileSync(this.path, '{')
  }

  mend(): void {
    const { level } = this
    const row = { input: level, output: 5 * level, cache_read: level / 10 }
    writeFileSync(
      this.path,
      JSON.stringify({ models: Object.fromEntries(PRICED.map((model) => [model, { prices: [row] }])) }),
    )
  }
}
