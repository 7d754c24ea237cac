// A schedule of the built program: it runs `serve` or `once` and is killed by a real signal at any moment of a push, while logs
// grow and the connection to its receivers fails. At the end everything works again.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { pemFile } from '../../support/https.js'
import { startOtlpProxy, type OtlpProxy, type Treatment } from '../../support/otlp-proxy.js'
import { mainFile, serve, type Served } from '../../support/program.js'
import type { Random } from '../../support/random.js'
import { createLogs, type Logs, type Response } from '../logs.js'
import { actual, sums } from '../sets.js'
import { until } from '../until.js'
import { createOracle, type Oracle } from './oracle.js'
import type { Receivers } from './receivers.js'

/** What can happen to a push, by weight. */
const TREATMENTS: readonly Treatment[] = [
  ...Array<Treatment>(8).fill('accept'),
  ...(['lost', 'lost', 'broken', 'hang', 'late'] as const),
  { keeps: (metric) => metric !== 'agent_usage_requests_total' },
  { status: 400 },
  { status: 401 },
  { status: 503 },
  { status: 429, headers: { 'retry-after': '0' } },
]
/** Time within which a process is killed or stopped. */
const MOST_LIFE_MS = 1_600

interface Stage {
  readonly random: Random
  readonly logs: Logs
  readonly oracle: Oracle
  readonly proxy: OtlpProxy
  readonly flags: readonly string[]
  readonly stateDir: string
  readonly story: string[]
  /** Instance and values of the last accepted push, and the number of accepted pushes. */
  readonly seen: { uuid: string; amounts: ReadonlyMap<string, number>; pushes: number }
  /** Sets what happens to pushes from now on. */
  treat(how: () => Treatment): void
  /** The next new instance treats these responses as history. */
  begins(present: ReadonlySet<Response>): void
}

/** Runs a schedule. Returns what went wrong, with the actions that led to it, or undefined. */
export async function createProgramSchedule(
  random: Random,
  dir: string,
  receivers: Receivers,
): Promise<string | undefined> {
  const complaints: string[] = []
  const stage = await setUp(random, dir, receivers, complaints)
  const { story, oracle } = stage
  try {
    await begin(stage)
    for (let lives = 3 + random.int(3); lives > 0; lives -= 1) await live(stage)
    await settle(stage)
    if (random.chance(0.3)) {
      story.push('the state is lost')
      rmSync(stage.stateDir, { recursive: true })
      await begin(stage)
      await live(stage)
      await settle(stage)
    }
    for (const held of oracle.held()) {
      const wrong = await receivers.wrong(held, Date.now() / 1_000 + 1)
      if (wrong !== undefined) throw new Error(wrong)
    }
    if (complaints.length > 0) throw new Error('a receiver refused what it should take')
    return undefined
  } catch (error) {
    return [...story, error instanceof Error ? (error.stack ?? error.message) : String(error), ...complaints].join(
      '\n  ',
    )
  }
}

async function setUp(random: Random, dir: string, receivers: Receivers, complaints: string[]): Promise<Stage> {
  const oracle = createOracle()
  const logs = createLogs(join(dir, 'config'), Date.now)
  const seen: Stage['seen'] = { uuid: '', amounts: new Map(), pushes: 0 }
  let treat: () => Treatment = () => 'accept'
  let history: ReadonlySet<Response> = new Set()
  const tls = random.chance(0.4)
  const proxy = await startOtlpProxy({
    receivers: receivers.urls,
    tls,
    treat: () => treat(),
    taken(_path, pushed) {
      const uuid = pushed.resource['service.instance.id']!
      if (uuid !== seen.uuid) oracle.reads(uuid, history, true)
      oracle.taken(pushed)
      Object.assign(seen, { uuid, amounts: actual(pushed.points), pushes: seen.pushes + 1 })
    },
    refused: (what) => void complaints.push(what),
  })
  const push = [`--otlp.endpoint=${proxy.url}`, ...(tls ? [`--otlp.ca-file=${pemFile('authority')}`] : [])]
  const flags = [...push, '--otlp.interval=1s', '--watch.sweep-interval=1s']
  return {
    ...{ random, logs, oracle, proxy, flags, seen },
    stateDir: join(dir, 'state'),
    story: [],
    treat: (how) => void (treat = how),
    begins: (present) => void (history = present),
  }
}

/** Writes some history and waits for a first push to arrive. */
async function begin(stage: Stage): Promise<void> {
  const { random, logs, story, seen } = stage
  for (let left = random.int(5); left > 0; left -= 1) logs.append(random, 1)
  stage.begins(logs.present())
  story.push(`${logs.present().size} responses before it begins`)
  const before = seen.pushes
  const program = await serving(stage)
  await until(
    () => 'a first push',
    () => (seen.pushes > before ? true : undefined),
  )
  await end(stage, program)
}

async function live(stage: Stage): Promise<void> {
  const { random, logs, proxy, story } = stage
  const outage = random.pick([undefined, undefined, 'unreachable', 'stranger'] as const)
  if (outage === 'unreachable') proxy.reachable = false
  if (outage === 'stranger') proxy.wear('stranger')
  stage.treat(() => random.pick(TREATMENTS))
  story.push(outage ?? 'anything')
  spend(stage)
  if (random.chance(0.25)) await makeOnePass(stage)
  else {
    const program = await serving(stage)
    for (let left = 1 + random.int(3); left > 0; left -= 1) {
      await setTimeout(random.int(MOST_LIFE_MS / 2))
      spend(stage)
      // The outage may end while the program runs.
      if (random.chance(0.5)) mend(proxy)
    }
    await end(stage, program)
  }
  mend(proxy)
  if (random.chance(0.5)) logs.append(random, 1)
}

function spend({ random, logs }: Stage): void {
  if (random.chance(0.4)) logs.begin(random, 1 + random.int(3))
  else logs.append(random, 1 + random.int(4))
}

function mend(proxy: OtlpProxy): void {
  proxy.reachable = true
  proxy.wear('server')
}

async function serving({ logs, stateDir, flags }: Stage): Promise<Served> {
  const program = await serve([logs.configDir], { stateDir, flags })
  onTestFinished(() => void program.child.kill('SIGKILL'))
  return program
}

async function end({ random, story }: Stage, program: Served): Promise<void> {
  const signal = random.chance(0.8) ? 'SIGKILL' : 'SIGTERM'
  await setTimeout(random.int(MOST_LIFE_MS))
  const code = await program.stop(signal)
  story.push(`${signal}, ended with ${code ?? 'it'}`)
  if (signal === 'SIGTERM' && code !== 0) throw new Error('it should have stopped in time')
}

/** Runs `once`, which may be killed as well. */
async function makeOnePass({ random, logs, stateDir, flags, story }: Stage): Promise<void> {
  const own = [`--claude.config-dir=${logs.configDir}`, `--state.dir=${stateDir}`]
  const child = spawn(process.execPath, [mainFile, 'once', ...own, ...flags], {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], HOME: stateDir },
  })
  const gone = once(child, 'close')
  if (random.chance(0.5)) {
    await Promise.race([gone, setTimeout(200 + random.int(400))])
    child.kill('SIGKILL')
  }
  const [code] = (await gone) as [number | null]
  story.push(`once, ended with ${code ?? 'SIGKILL'}`)
}

/** Ends all faults and waits until all usage has arrived. */
async function settle(stage: Stage): Promise<void> {
  const { logs, oracle, seen, story } = stage
  mend(stage.proxy)
  stage.treat(() => 'accept')
  story.push('all is well')
  const program = await serving(stage)
  const all = sums(logs.present())
  await until(
    () => `all that was spent: ${JSON.stringify([...all])}, of which has arrived ${JSON.stringify([...seen.amounts])}`,
    () => ([...all].every(([key, value]) => seen.amounts.get(key) === value) ? true : undefined),
  )
  // One more push, which must not change anything.
  const { pushes } = seen
  await until(
    () => 'another push',
    () => (seen.pushes > pushes ? true : undefined),
  )
  const code = await program.stop()
  if (code !== 0) throw new Error(`it was stopped and ended with ${code}`)
  oracle.reads(seen.uuid, logs.present(), false)
  oracle.settled(seen.uuid)
}
