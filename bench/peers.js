// The programs we stand beside: where they come from, how each is made to do our work (all files, prices without the
// network, no cache of an earlier run), and how its answer is read. They are installed outside the project.
//   node bench/peers.js install|versions [--peers DIR]
//   node bench/peers.js answer [--tree DIR] [--peers DIR]     what each counts, and where it differs from expected.json
import { execFileSync } from 'node:child_process'
import {
  accessSync, chmodSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { defaultPeers, defaultTree, differences, expectedOf } from './support.js'

/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {string} version
 * @property {string} binary
 * @property {(tree: string, home: string) => { args: string[], env: Record<string, string> }} command
 *   `home`: an empty folder, fresh for every run, which the program takes for the user's
 * @property {(stdout: string) => import('./support.js').Answer} answer
 */

const known = [
  {
    name: 'ccusage',
    package: `@ccusage/ccusage-linux-${process.arch}`,
    binary: 'bin/ccusage',
    // `claude daily` leaves other agents' folders alone. It keeps no cache. Cost from tokens, as ours.
    command: (tree, home) => ({
      args: ['claude', 'daily', '--json', '--offline', '--breakdown', '--mode', 'calculate', '--timezone', 'UTC'],
      env: { HOME: home, CLAUDE_CONFIG_DIR: tree },
    }),
    answer(stdout) {
      const answer = {}
      for (const { modelBreakdowns } of JSON.parse(stdout).daily) {
        for (const row of modelBreakdowns) {
          add(answer, row.modelName, {
            input: row.inputTokens,
            output: row.outputTokens,
            cache_read: row.cacheReadTokens,
            cache_write: row.cacheCreationTokens,
          })
        }
      }
      return answer
    },
  },
  {
    name: 'tokscale',
    package: `@tokscale/cli-linux-${process.arch}-gnu`,
    binary: 'bin/tokscale',
    // It looks for logs below the home folder only, and keeps parsed messages below it: a fresh home is a cold run.
    command(tree, home) {
      const link = join(home, '.claude')
      if (!existsSync(link)) symlinkSync(tree, link)
      return {
        args: ['models', '--json', '--no-spinner', '--client', 'claude', '--group-by', 'model', '--home', home],
        env: { HOME: home, TOKSCALE_PRICING_CACHE_ONLY: '1' },
      }
    },
    answer(stdout) {
      const answer = {}
      for (const row of JSON.parse(stdout).entries) {
        add(answer, row.model, {
          requests: row.messageCount,
          input: row.input,
          output: row.output + row.reasoning,
          cache_read: row.cacheRead,
          cache_write: row.cacheWrite,
        })
      }
      return answer
    },
  },
]

function add(answer, model, counts) {
  const row = (answer[model] ??= {})
  for (const [column, count] of Object.entries(counts)) row[column] = (row[column] ?? 0) + count
}

/** The peers found in `folder`; empty where nothing is installed. @returns {Peer[]} */
export function findPeers(folder) {
  return known.flatMap(({ name, package: packageName, binary, command, answer }) => {
    const path = join(folder, 'node_modules', packageName, binary)
    if (!existsSync(path)) return []
    executable(path)
    const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim().split(' ').at(-1)
    return [{ name, version, binary: path, command, answer }]
  })
}

/** Runs `use` with an empty home folder, and removes it. */
export async function withHome(use) {
  const home = mkdtempSync(join(tmpdir(), 'aue-home-'))
  try {
    return await use(home)
  } finally {
    rmSync(home, { recursive: true })
  }
}

/** The environment of a run: nothing of the caller's but the path. */
export const runEnv = (env) => ({ PATH: process.env.PATH, ...env })

function install(folder) {
  mkdirSync(folder, { recursive: true })
  const manifest = join(folder, 'package.json')
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n')
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts']
  const npmInstall = (...names) => execFileSync('npm', ['install', ...names, ...quiet], { cwd: folder, stdio: 'inherit' })
  npmInstall(...known.map((peer) => `${peer.package}@latest`))
  // The program's own package only starts the binary; it is wanted for its licence and in the binary's version.
  const ccusage = join(folder, 'node_modules', known[0].package, 'package.json')
  npmInstall(`ccusage@${JSON.parse(readFileSync(ccusage, 'utf8')).version}`)
}

// Packed without the executable bit, which its JavaScript wrapper sets on the first run.
function executable(path) {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    chmodSync(path, 0o755)
  }
}

async function printAnswer(peer, tree, expected) {
  await withHome((home) => {
    const { args, env } = peer.command(resolve(tree), home)
    const stdout = execFileSync(peer.binary, args, {
      env: runEnv(env),
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const found = differences(peer.answer(stdout), expected.perModel)
    console.log(`${peer.name} ${peer.version}: ${found.length === 0 ? 'as expected' : `\n  ${found.join('\n  ')}`}`)
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { peers: { type: 'string', default: defaultPeers }, tree: { type: 'string', default: defaultTree('1900') } },
  })
  if (positionals[0] === 'install') install(values.peers)
  else if (positionals[0] === 'answer') {
    const expected = expectedOf(values.tree)
    for (const peer of findPeers(values.peers)) await printAnswer(peer, values.tree, expected)
  } else if (positionals[0] !== 'versions') throw new Error('say install, versions or answer')
  for (const { name, version, binary } of findPeers(values.peers)) console.log(`${name} ${version}  ${binary}`)
}
