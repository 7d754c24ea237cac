// Pushes with a state older than what was pushed, because the disk refused it: a series that may have shown its value never
// returns to 0.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { Machine, type Process } from '../faults/in-process/machine.js'
import { sumOf } from '../support/exposition.js'
import { startReceiver, type Pushed, type Receiver } from '../support/otlp-receiver.js'
import { homes, NOW_MS, running, transcript, type Home, type Running } from './running.js'

const newHome = homes()
let home: Home
let machine: Machine
let receiver: Receiver

beforeEach(async () => {
  home = { ...newHome({ 'a/old.jsonl': transcript('/w/old', '1') }), stateDir: '/disk/state' }
  machine = new Machine(NOW_MS)
  receiver = await startReceiver()
})

interface Life extends Running {
  /** Requests by project in each accepted push of this process. */
  readonly pushed: readonly Readonly<Record<string, number>>[]
  kill(): Promise<void>
}

/** Starts the program and waits for its first push. */
async function live(): Promise<Life> {
  const process: Process = machine.spawn()
  const before = receiver.accepted.length
  const program = await running(home, [`--otlp.endpoint=${receiver.url}`], {
    storeMachine: process.machine,
    now: machine.now,
  })
  await expect.poll(() => receiver.accepted.length).toBe(before + 1)
  return {
    ...program,
    get pushed() {
      return receiver.accepted.slice(before).map(requestsIn)
    },
    async kill() {
      // Nothing that it does from here on has an effect, not even its last push.
      process.die('killed', () => 1)
      receiver.reply({ status: 400 })
      await program.app.stop()
    },
  }
}

/** Starts a project, which is pushed at 0 and then with its value. */
async function begin({ app }: Life, project: string): Promise<void> {
  write(project)
  await app.pass()
  expect(await app.push()).toBe(true)
}

const write = (project: string): void =>
  writeFileSync(join(home.configDir, `projects/a/${project}.jsonl`), transcript(`/w/${project}`, project))
const requestsIn = ({ points }: Pushed): Readonly<Record<string, number>> =>
  Object.fromEntries(
    points
      .filter(({ name }) => name === 'agent_usage_requests_total')
      .map(({ labels, value }) => [labels['project']!, value]),
  )
const instances = (): number => new Set(receiver.accepted.map(({ resource }) => resource['service.instance.id'])).size
const storeUp = async ({ scrape }: Life): Promise<number> => sumOf(await scrape(), 'agent_usage_exporter_store_up')

describe('after a full disk', () => {
  it.each(['still full', 'freed before'])(
    'pushed series keep their values in the next process, with a disk %s',
    async (then) => {
      const first = await live()
      const { disk } = machine
      disk.capacity = disk.names().reduce((sum, name) => sum + (disk.read(name)?.length ?? 0), 0)
      await begin(first, 'new')
      // The series is still born at 0, and the full disk does not keep it there.
      expect(first.pushed.slice(1)).toEqual([
        { old: 1, new: 0 },
        { old: 1, new: 1 },
      ])
      expect(await storeUp(first)).toBe(0)
      await first.kill()
      if (then !== 'still full') disk.capacity = Infinity
      const second = await live()
      expect(second.app.state.behind).toBe(true)
      expect(second.pushed).toEqual([{ old: 1, new: 1 }])
      // A series that is new to this process is born at 0.
      await begin(second, 'newer')
      expect(second.pushed.slice(1)).toEqual([
        { old: 1, new: 1, newer: 0 },
        { old: 1, new: 1, newer: 1 },
      ])
      expect(instances()).toBe(1)
    },
  )
})

describe('with a read-only state', () => {
  it('each process shows full values of all series that an earlier one may have pushed', async () => {
    const first = await live()
    await first.kill()
    Object.assign(machine.disk, { foreign: true })
    const second = await live()
    expect(second.app.state.loaded).toBe(true)
    expect(await storeUp(second)).toBe(0)
    await begin(second, 'new')
    expect(second.pushed).toEqual([{ old: 1 }, { old: 1, new: 0 }, { old: 1, new: 1 }])
    await second.kill()
    write('dark')
    const third = await live()
    expect(third.pushed).toEqual([{ old: 1, new: 1, dark: 1 }])
    expect(instances()).toBe(1)
  })

  it('each process has a new instance id if nothing was ever stored', async () => {
    machine.disk.readOnly = true
    const first = await live()
    expect(await storeUp(first)).toBe(0)
    await first.kill()
    const second = await live()
    expect(second.pushed).toEqual([{ old: 1 }])
    expect(instances()).toBe(2)
  })
})

it('pushed series keep their values if an older copy of the state is restored', async () => {
  const first = await live()
  const copy = machine.disk.read('/disk/state/state.journal')!
  await begin(first, 'new')
  await first.kill()
  machine.pass(60_000)
  machine.disk.put('/disk/state/state.journal', copy)
  const second = await live()
  expect(second.app.state.behind).toBe(true)
  expect(second.pushed).toEqual([{ old: 1, new: 1 }])
  expect(instances()).toBe(1)
})
