// If the native watcher cannot work, the program still serves, logs the reason, and stops on a signal.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, type TestContext } from 'vitest'
import { plantDeepTree } from '../support/deep-tree.js'
import { samples, sumOf, type Sample } from '../support/exposition.js'
import { underInotifyLimit } from '../support/inotify-limit.js'
import { serve, type ServeOptions, type Served } from '../support/program.js'
import { homes, requests, transcript } from './running.js'

const home = homes()
const FILE = 'a/A.jsonl'

async function served(configDir: string, mode: string, options: ServeOptions = {}): Promise<Served> {
  // Without watching, only the sweep finds appended lines.
  const flags = [`--watch.mode=${mode}`, '--watch.sweep-interval=1s']
  const program = await serve([configDir], { ...options, flags })
  onTestFinished(() => void program.child.kill('SIGKILL'))
  await program.ready()
  return program
}

function limited(context: TestContext, instances: number): ServeOptions {
  return { under: underInotifyLimit(context, 'max_inotify_instances', instances) }
}

async function until(program: Served, condition: (all: readonly Sample[]) => boolean): Promise<void> {
  while (!condition(samples(await program.scrape())));
}

const watchErrors = (all: readonly Sample[]): number =>
  sumOf(all, 'agent_usage_exporter_errors_total', { stage: 'watch' })

it.for(['auto', 'native', 'polling', 'off'])(
  'serves and stops without an inotify instance: --watch.mode=%s',
  async (mode, context) => {
    const { configDir } = home({ [FILE]: transcript('/w/till', '1') })
    const program = await served(configDir, mode, limited(context, 0))
    if (mode === 'auto' || mode === 'native') await until(program, (all) => watchErrors(all) > 0)
    appendFileSync(join(configDir, 'projects', FILE), transcript('/w/till', '2'))
    await until(program, (all) => requests(all) === 2)
    if (mode !== 'native') expect(watchErrors(samples(await program.scrape()))).toBe(mode === 'auto' ? 1 : 0)
    expect(await program.stop()).toBe(0)
  },
)

it.each(['auto', 'native', 'polling'])(
  'serves and stops with a tree too deep to watch: --watch.mode=%s',
  async (mode) => {
    const { configDir } = home({ [FILE]: transcript('/w/till', '1') })
    plantDeepTree(join(configDir, 'projects/a'))
    const program = await served(configDir, mode)
    await until(program, (all) => watchErrors(all) > 0)
    appendFileSync(join(configDir, 'projects', FILE), transcript('/w/till', '2'))
    await until(program, (all) => requests(all) === 2)
    expect(await program.stop()).toBe(0)
  },
)
