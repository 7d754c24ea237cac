// Watchers that follow the roots: lost and refused ones are retried on request, and one that never gets ready blocks no
// other. Real folders; every wait is for an event.
import { appendFileSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createWatchers, type Watchers } from '../../src/ingest/watchers.js'
import type { WatchMode } from '../../src/ingest/watch.js'
import type { Root } from '../../src/ingest/roots.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import { rootsOf as rootsOfSource } from './found.js'
import { plantDeepTree } from '../support/deep-tree.js'
import { plant, temporaryFolder } from '../support/tree.js'

const folder = realpathSync(temporaryFolder())

/** Events in order: `error`, `refused`, `attached`, and paths that changed. */
class Told {
  readonly events: string[] = []
  readonly watchers: Watchers
  #wake: () => void = () => undefined

  constructor(mode: WatchMode) {
    const tell = (event: string): void => {
      this.events.push(event)
      this.#wake()
    }
    this.watchers = createWatchers({
      mode,
      pollIntervalMs: 20,
      onChange: tell,
      onError: () => tell('error'),
      onRefused: () => tell('refused'),
      onAttached: () => tell('attached'),
    })
    onTestFinished(() => this.watchers.close())
  }

  /** Waits until the events meet the condition, repeating `change` meanwhile. */
  async until(condition: (events: readonly string[]) => boolean, change: () => void = () => undefined): Promise<void> {
    const changing = setInterval(change, 50)
    while (!condition(this.events)) await new Promise<void>((resolve) => (this.#wake = resolve))
    clearInterval(changing)
  }

  count(event: string): number {
    return this.events.filter((each) => each === event).length
  }
}

const rootsOf = (...configDirs: readonly string[]): readonly Root[] => rootsOfSource(claudeCode, ...configDirs)

it.each(['native', 'polling'] as const)(
  'the %s watcher reports changes again in a root that was deleted and recreated',
  async (mode) => {
    const configDir = plant(join(folder, `anew-${mode}`), { 'a/A.jsonl': '' })
    const [projects, file] = [join(configDir, 'projects'), join(configDir, 'projects/a/A.jsonl')]
    const told = new Told(mode)
    const roots = rootsOf(configDir)
    told.watchers.follow(roots)
    await told.until(() => told.count('attached') === 1)
    await told.until(
      (events) => events.includes(file),
      () => appendFileSync(file, '{}\n'),
    )

    rmSync(projects, { recursive: true })
    // Polling works by name and would not see a deletion and a creation between two polls.
    if (mode === 'polling') await told.until(() => told.count('error') > 0)
    plant(configDir, { 'a/A.jsonl': '' })
    await told.until(() => told.count('error') > 0)
    told.watchers.follow(roots)
    told.watchers.retry()
    told.watchers.follow(roots)
    await told.until(() => told.count('attached') === 2)
    told.events.length = 0
    await told.until(
      (events) => events.includes(file),
      () => appendFileSync(file, '{}\n'),
    )
  },
)

it('watchers retry a refused root only on request', async () => {
  const [gone, there] = [plant(join(folder, 'gone'), {}), plant(join(folder, 'there'), {})]
  const roots = rootsOf(gone, there)
  rmSync(join(gone, 'projects'), { recursive: true })
  const told = new Told('native')
  told.watchers.follow(roots)
  await told.until(() => told.count('attached') === 1)
  mkdirSync(join(gone, 'projects'))
  told.watchers.follow(roots)
  told.watchers.follow(rootsOf(gone))
  told.watchers.follow(roots)
  await told.until(() => told.count('attached') === 2)
  expect(told.count('refused')).toBe(1)
  told.watchers.retry()
  told.watchers.follow(roots)
  await told.until(() => told.count('attached') === 3)
  expect(told.events).toEqual(['refused', 'attached', 'attached', 'attached'])
})

it('watchers of other roots, and close, do not wait for a root that never gets ready', async () => {
  const [deep, other] = [plant(join(folder, 'deep'), {}), plant(join(folder, 'other'), {})]
  plantDeepTree(join(deep, 'projects'))
  const told = new Told('polling')
  told.watchers.follow(rootsOf(deep, other))
  await told.until(() => told.count('error') === 1 && told.count('attached') === 1)
  await told.watchers.close()
})
