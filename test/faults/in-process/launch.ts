// The whole program, wired as `serve` wires it, but without its server. Passes run when an action asks for them.
import { createApp, type App } from '../../../src/app/app.js'
import { loadConfig, type Config } from '../../../src/config/config.js'
import { JOURNAL as JOURNAL_NAME } from '../../../src/store/files.js'
import type { Process } from './machine.js'
import type { Rig } from './rig.js'

/** State directory on the simulated disk. */
export const STATE = '/disk/state'
export const JOURNAL = `${STATE}/${JOURNAL_NAME}`

/** Creates the program. Throws the errors of `createApp`. */
export function launch(process: Process, { dir, logs, prices, machine, bookingStep, complaints }: Rig): Promise<App> {
  const flags = ['--watch.mode=off', '--watch.sweep-interval=24h', '--parser.workers=0']
  const paths = [`--claude.config-dir=${logs.configDir}`, `--state.dir=${STATE}`, `--prices.file=${prices.path}`]
  const load = (): Config => loadConfig([...flags, ...paths], { HOME: dir })
  const complain = (fields: object, message: string): void =>
    void complaints.push(`${message} ${JSON.stringify(fields)}`)
  return createApp(load(), {
    version: '0',
    log: { debug: () => undefined, info: () => undefined, warn: complain, error: complain },
    loadConfig: load,
    now: machine.now,
    monotonic: () => machine.monotonicMs,
    storeMachine: process.machine,
    ...(bookingStep !== undefined && { bookingStep }),
  })
}
