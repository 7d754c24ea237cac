// The engines that the program knows, asked of the program itself: a new one takes part without a change here.
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

/**
 * Values of --parser.backend but `auto`; the program lists them when it is given one that it does not know.
 * @param {string} program
 */
export function enginesOf(program) {
  const { stderr } = spawnSync(process.execPath, [resolve(program), 'once', '--parser.backend=?'], { encoding: 'utf8' })
  const list = /expected one of ([\w, ]+)/.exec(stderr)?.[1]
  if (list === undefined) throw new Error(`${program} does not say which engines it has:\n${stderr}`)
  return list.split(', ').filter((engine) => engine !== 'auto')
}

/**
 * Which engine made an exposition: what `auto` chose, or what took the place of one that is not installed.
 * @param {string} exposition
 */
export function engineUsed(exposition) {
  return /^agent_usage_exporter_build_info\{.*backend="([^"]+)"/m.exec(exposition)?.[1]
}
