// The part of acceptance cases 45 and 46 (claude-code-logs 8) about days: which day a response belongs to.
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sumOf, samples, type Sample } from '../support/exposition.js'
import { line, lines } from '../support/line.js'
import { once } from '../support/program.js'
import { plant, temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()
const DAY_MS = 86_400_000

it('case 45: a response across midnight belongs to the day on which it began', async () => {
  const { all, dayStart } = await today((midnight) => [
    line('msg_45/r45 o48 0/1', { line: { timestamp: iso(midnight - 100) } }),
    line('msg_45/r45 o48 0/50', { line: { timestamp: iso(midnight + 3000) } }),
    line('msg_1/r1 o48 10/160/0/0/1000', { line: { timestamp: iso(midnight) } }),
  ])
  expect(spent(all, 'day')).toBeCloseTo(0.00455, 12)
  if (new Date(dayStart).getUTCDate() > 1) expect(spent(all, 'month')).toBeCloseTo(0.0058, 12)
})

it('case 46: a response without a timestamp belongs to no day', async () => {
  const { all } = await today((midnight) => [
    line('msg_46/r46 claude-sonnet-5-5 0/0/0/0/1000000', { line: { timestamp: undefined } }),
    line('msg_1/r1 o48 10/160/0/0/1000', { line: { timestamp: iso(midnight) } }),
  ])
  expect(sumOf(all, 'agent_usage_cost_usd_total')).toBeCloseTo(0.10455, 12)
  for (const period of ['day', 'week', 'month']) expect(spent(all, period)).toBeCloseTo(0.00455, 12)
})

/** One pass over lines made for the current UTC day; a pass that crosses midnight is repeated. */
async function today(made: (midnightMs: number) => readonly string[]) {
  for (;;) {
    const dayStart = startOfDay(Date.now())
    const configDir = plant(join(folder, String(dayStart), String(Math.random())), {
      '-w-app/A.jsonl': lines(...made(dayStart)),
    })
    const all = samples(await once([configDir], { flags: ['--timezone=UTC'] }))
    if (startOfDay(Date.now()) === dayStart) return { all, dayStart }
  }
}

function spent(all: readonly Sample[], period: string): number {
  return sumOf(all, 'agent_usage_period_cost_usd', { period })
}

function startOfDay(ms: number): number {
  return ms - (ms % DAY_MS)
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
