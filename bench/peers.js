// The programs we stand beside: where they come from, how each is made to do our work (all files, prices without the
// network, no cache of an earlier run), and how its answer is read. They are installed outside the project.
//   node bench/peers.js [--peers DIR]     installs the newest of each
import { execFileSync } from 'node:child_process'
import { accessSync, chmodSync, constants, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultPeers, optionsOf } from './support.js'

/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {string} version
 * @property {string} binary
 * @property {(tree: string, home: string) => { args: string[], env: Record<string, string> }} command
 *   `home`: an empty folder, fresh for every run, which the program takes for the user's
 * @property {(stdout: string) => import('./answers.js').Answer} answer
 */

const known = [
  {
    name: 'ccusage',
    // Its Rust binary; the package `ccusage` only starts it.
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

/** Installs the newest of each; nothing of theirs runs while it is installed. Throws where npm cannot be reached. */
export function installPeers(folder) {
  mkdirSync(folder, { recursive: true })
  const manifest = join(folder, 'package.json')
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n')
  const names = known.map((peer) => `${peer.package}@latest`)
  const args = ['install', ...names, '--ignore-scripts', '--no-audit', '--no-fund', '--silent']
  execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
}

// Packed without the executable bit, which its JavaScript wrapper sets on the first run.
function executable(path) {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    chmodSync(path, 0o755)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { peers } = optionsOf({ peers: defaultPeers })
  installPeers(peers)
  for (const { name, version, binary } of findPeers(peers)) console.log(`${name} ${version}  ${binary}`)
}
