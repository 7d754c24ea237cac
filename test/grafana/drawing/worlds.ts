// Four worlds for the boards, in one database: one machine and fifty, in the first hour of a Prometheus and after 30 days. Each ends
// at a time of its own, and so far from the others that no query of a board sees two of them.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, type TestContext } from 'vitest'
import { run } from '../../support/tool.js'
import { boardNames, boardText } from '../boards.js'
import { scrapes, type Sample, type Span } from './scrapes.js'

export interface World {
  readonly name: string
  readonly machines: 1 | 50
  /** Seconds since the epoch. */
  readonly end: number
  /** Seconds: the time range of the board. */
  readonly range: number
  /** Seconds between two scrapes. */
  readonly scrape: number
}

const HOUR = 3_600
const DAY = 24 * HOUR
/** Thursdays in the afternoon. */
const day = (month: number, date: number): number => Date.UTC(2026, month - 1, date, 14, 37) / 1000

export const WORLDS: readonly World[] = [
  { name: 'one machine, first hour', machines: 1, end: day(5, 28), range: 6 * HOUR, scrape: 60 },
  { name: 'one machine, 30 days', machines: 1, end: day(7, 23), range: 6 * HOUR, scrape: 60 },
  { name: '50 machines, first hour', machines: 50, end: day(9, 24), range: 6 * HOUR, scrape: 240 },
  { name: '50 machines, 30 days', machines: 50, end: day(11, 26), range: 6 * HOUR, scrape: 240 },
]

/** What boards ask of the days before the range. */
const KEPT = /^agent_usage_(cost_usd_total|period_\w+|exporter_instance_info|budget_\w+|last_activity_\w+)$/
const TEAMS = ['web', 'data', 'mobile', 'games', 'platform']
const PEOPLE = ['ada', 'barbara', 'edsger', 'grace', 'katherine', 'linus', 'margaret', 'niklaus', 'radia', 'tim']

/** Fills a database. @returns its directory */
export async function createWorlds(context: TestContext, folder: string, promtool: string): Promise<string> {
  const names = new Set(
    boardNames.flatMap((board) => boardText(board).match(/\b(?:agent_usage|process|nodejs)_\w+/g) ?? []),
  )
  const file = join(folder, 'worlds.om')
  const descriptor = openSync(file, 'w')
  const config = fileURLToPath(new URL('budgets.yaml', import.meta.url))
  for (const [seed, { machines, end, scrape, name }] of WORLDS.entries()) {
    const fresh = name.endsWith('first hour')
    const past: Span = { from: end - 30 * DAY, to: end - 6 * HOUR - 1, step: 6 * HOUR }
    const now: Span = { from: end - (fresh ? 1 : 6) * HOUR, to: end, step: scrape }
    const samples = await scrapes({ folder, seed, config, names, spans: fresh ? [now] : [past, now] })
    const kept = samples.filter((sample) => sample.at >= now.from || KEPT.test(sample.name))
    for (let machine = 0; machine < machines; machine += 1) {
      const who = machines === 1 ? one : member
      writeSync(descriptor, kept.map((sample) => line(sample, who, machine)).join(''))
    }
  }
  writeSync(descriptor, '# EOF\n')
  closeSync(descriptor)
  const storage = join(folder, 'worlds')
  mkdirSync(storage)
  // One block: promtool reads the file once for each.
  const args = ['tsdb', 'create-blocks-from', '--max-block-duration=4374h', 'openmetrics', file, storage]
  expect(run(context, promtool, args, folder)).toMatchObject({ status: 0 })
  return storage
}

type Member = (
  sample: Sample,
  machine: number,
) => { readonly labels: string; readonly value: string; readonly target: string }

const one: Member = ({ labels, value }) => ({ labels, value, target: 'instance="127.0.0.1:9853"' })

/** A copy of the machine: it has its own id, its team's projects, and spends more or less. */
const member: Member = ({ name, labels, value }, machine) => {
  const team = TEAMS[machine % TEAMS.length]!
  const user = PEOPLE[Math.floor(machine / TEAMS.length)]!
  return {
    labels: labels
      .replace(/id="\w{8}/, () => `id="${String(machine).padStart(8, '0')}`)
      .replace(/project="([^"]+)"/, `project="${team}-$1"`),
    value:
      /_usd/.test(name) && !name.includes('limit') ? String(Number(value) * (0.3 + ((machine * 7) % 13) / 10)) : value,
    target: `instance="${user}-${team}:9853",user="${user}",team="${team}"`,
  }
}

function line(sample: Sample, who: Member, machine: number): string {
  const { labels, value, target } = who(sample, machine)
  return `${sample.name}{job="agent-usage",${target}${labels && ','}${labels}} ${value} ${sample.at}\n`
}
