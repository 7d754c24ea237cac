// The engines of the program, as reported by the program itself, so that new ones need no change here.
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

/**
 * Values of --parser.backend except `auto`, from the error message for an unknown value.
 * @param {string} program
 */
export function enginesOf(program) {
  const { stderr } = spawnSync(process.execPath, [resolve(program), 'once', '--parser.backend=?'], { encoding: 'utf8' })
  const list = /expected one of ([\w, ]+)/.exec(stderr)?.[1]
  if (list === undefined) throw new Error(`${program} does not say which engines it has:\n${stderr}`)
  return list.split(', ').filter((engine) => engine !== 'auto')
}

/**
 * The engine that was used for an exposition: the choice of `auto`, or the substitute for one that is not installed.
 * @param {string} exposition
 */
export function engineUsed(exposition) {
  return /^agent_usage_exporter_build_info\{.*backend="([^"]+)"/m.exec(exposition)?.[1]
}
