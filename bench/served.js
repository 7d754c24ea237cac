// The program as a service: starting it, sending requests, and stopping it.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * The program's arguments for a tree, apart from the command.
 * @param {string} tree @param {string} stateDir @param {'codex'} [agent] the agent whose logs the tree has; default Claude Code
 */
export const treeFlags = (tree, stateDir, agent) => [
  `--${agent === 'codex' ? 'codex.home' : 'claude.config-dir'}=${resolve(tree)}`,
  `--state.dir=${stateDir}`,
]

/**
 * Runs `use` with an empty folder and removes it afterwards.
 * @template T @param {(folder: string) => Promise<T> | T} use @param {string} [parent]
 */
export async function withFolder(use, parent = tmpdir()) {
  const folder = mkdtempSync(join(parent, 'aue-bench-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * Starts `serve` on a free local port. `listening` resolves with the URL once it is logged, and rejects if the process exits
 * before. `stop` sends a signal and waits for the exit.
 * @param {string} program @param {readonly string[]} flags
 */
export function startServer(program, flags) {
  const startedAt = performance.now()
  const child = spawn(
    process.execPath,
    [resolve(program), 'serve', '--web.listen-address=127.0.0.1:0', '--log.format=json', ...flags],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  /** @type {string[]} */
  const last = []
  /** @type {Promise<string | number | null>} */
  const exited = new Promise((done) => child.once('exit', (code, signal) => done(signal ?? code)))
  /** @type {Promise<string>} */
  const listening = new Promise((found, failed) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      last.push(line)
      if (last.length > 20) last.shift()
      const url = line.includes('"url"') ? JSON.parse(line).url : undefined
      if (url !== undefined) found(url)
    })
    void exited.then((status) => {
      failed(new Error(`the program ended (${status}) before it listened:\n${last.join('\n')}`))
    })
  })
  return {
    pid: child.pid,
    startedAt,
    listening,
    async stop() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
      const status = await exited
      clearTimeout(late)
      if (status === 'SIGKILL') console.error('the program did not stop within 10 s of SIGTERM')
    },
  }
}

/**
 * Starts the program, runs `use` with its URL once it is ready, and stops it.
 * @template T @param {string} program @param {readonly string[]} flags
 * @param {(url: string, server: ReturnType<typeof startServer>) => Promise<T>} use
 */
export async function withServer(program, flags, use) {
  const server = startServer(program, flags)
  try {
    const url = await server.listening
    await ready(url)
    return await use(url, server)
  } finally {
    await server.stop()
  }
}

const agent = new http.Agent({ keepAlive: true })

/**
 * One GET over a kept-alive connection.
 * @param {string} url @param {Record<string, string>} headers
 * @returns {Promise<{ status: number | undefined, body: Buffer }>}
 */
export function get(url, headers = {}) {
  return new Promise((done, failed) => {
    const request = http.get(url, { agent, headers }, (response) => {
      /** @type {Buffer[]} */
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => done({ status: response.statusCode, body: Buffer.concat(chunks) }))
      response.on('error', failed)
    })
    request.on('error', failed)
  })
}

/** The exposition, as plain text. @param {string} url */
export const metricsOf = async (url) => (await get(`${url}/metrics`)).body.toString('utf8')

/** Polls until the status is 200; throws after `limitMs`. @param {string} url */
export async function ready(url, limitMs = 300_000) {
  for (const until = performance.now() + limitMs; performance.now() < until;) {
    if ((await get(`${url}/-/ready`)).status === 200) return
    await pause(2) // polling without a pause would take a core from the program
  }
  throw new Error(`not ready within ${limitMs} ms`)
}
