// One run of a whole program in a new process, with its wall and processor time or its answer; and rounds of such runs.
import { spawn, spawnSync } from 'node:child_process'

/** @typedef {{ file: string, args: string[], env: Record<string, string> }} Command */

/** The environment of a run, with only the PATH of the caller. @param {Record<string, string>} env */
const runEnv = (env) => ({ PATH: process.env.PATH, ...env })

/** Stdout of the program. Throws with the end of its stderr if it fails. @param {Command} command */
export function outputOf({ file, args, env }) {
  const { stdout, stderr, status, error } = spawnSync(file, args, {
    env: runEnv(env),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${file} ended with ${status}:\n${stderr.slice(-2000)}`)
  return stdout
}

/**
 * Wall and processor seconds of one run. The shell around it, which takes a millisecond, reports the usage of its children.
 * @param {Command} command @returns {Promise<{ wall: number, cpu: number }>}
 */
export function timed({ file, args, env }) {
  return new Promise((done, failed) => {
    const startedAt = performance.now()
    const script = '"$@" >/dev/null 2>/dev/null; code=$?; times; exit $code'
    const shell = spawn('sh', ['-c', script, 'sh', file, ...args], {
      env: runEnv(env),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    let endedAt = 0
    shell.stdout.on('data', (chunk) => (output += chunk))
    shell.once('exit', () => (endedAt = performance.now()))
    shell.once('error', failed)
    shell.once('close', (code) => {
      if (code !== 0) return failed(new Error(`${file} ${args.join(' ')} ended with ${code}`))
      const ofChildren = [...(output.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
      const cpu = ofChildren.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0)
      done({ wall: (endedAt - startedAt) / 1000, cpu })
    })
  })
}

/**
 * Runs every contestant once in each round. Each round begins with another one, so that a slow minute affects all of them.
 * @template C, R @param {readonly C[]} contestants @param {number} rounds @param {(contestant: C) => Promise<R>} run
 * @returns {Promise<Map<C, R[]>>} the runs by round
 */
export async function interleaved(contestants, rounds, run) {
  /** @type {Map<C, R[]>} */
  const results = new Map(contestants.map((contestant) => [contestant, []]))
  for (let round = 0; round < rounds; round += 1) {
    const first = round % contestants.length
    for (const contestant of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      results.get(contestant)?.push(await run(contestant))
    }
  }
  return results
}
