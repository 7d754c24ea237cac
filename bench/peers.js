// The programs that ours is compared with: where they come from, how each is made to do the same work (all files, prices without
// network, no cache of an earlier run), and how its answer is parsed. They are installed outside the project.
//   node bench/peers.js [--peers DIR]     installs the newest of each
import { execFileSync } from 'node:child_process'
import { accessSync, chmodSync, constants, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { add } from './answers.js'
import { withFolder } from './served.js'
import { defaultPeers, optionsOf } from './support.js'
import { outputOf } from './trial.js'

/** @typedef {import('./answers.js').Answer} Answer */
/** @typedef {import('./trial.js').Command} Command */
/**
 * `home`: an empty folder.
 * @typedef {{ name: string, version: string | undefined, command: (home: string) => Command, answer: Answer }} Peer
 */

/**
 * `package`, `binary`: npm package and file. `command`: command that reads a tree; `answer`: parses its output. `codex`: the same for a
 * tree of Codex's logs.
 * @typedef {object} Known
 * @property {string} name
 * @property {string} package
 * @property {string} binary
 * @property {(tree: string, home: string) => Omit<Command, 'file'>} command
 * @property {(stdout: string) => Answer} answer
 * @property {Partial<Pick<Known, 'command' | 'answer'>>} codex
 */
/** @type {Known[]} */
const known = [
  {
    name: 'ccusage',
    // The package of the Rust binary, which the package `ccusage` only starts.
    package: `@ccusage/ccusage-linux-${process.arch}`,
    binary: 'bin/ccusage',
    // `claude daily` reads no folders of other agents, and keeps no cache. Costs are calculated from tokens, like ours.
    command: (tree, home) => ({
      args: ['claude', 'daily', '--json', '--offline', '--breakdown', '--mode', 'calculate', '--timezone', 'UTC'],
      env: { HOME: home, CLAUDE_CONFIG_DIR: tree },
    }),
    answer(stdout) {
      /** @type {Answer} */
      const answer = {}
      for (const { modelBreakdowns } of JSON.parse(stdout).daily) {
        for (const row of modelBreakdowns) {
          add((answer[row.modelName] ??= {}), {
            input: row.inputTokens,
            output: row.outputTokens,
            cache_read: row.cacheReadTokens,
            cache_write: row.cacheCreationTokens,
          })
        }
      }
      return answer
    },
    codex: {
      command: (tree, home) => ({
        args: ['codex', 'daily', '--json', '--offline', '--timezone', 'UTC'],
        env: { HOME: home, CODEX_HOME: tree },
      }),
      answer(stdout) {
        /** @type {Answer} */
        const answer = {}
        for (const { models } of JSON.parse(stdout).daily) {
          for (const [name, row] of Object.entries(models))
            add((answer[name] ??= {}), {
              input: row.inputTokens,
              output: row.outputTokens,
              cache_read: row.cacheReadTokens,
              cache_write: row.cacheCreationTokens,
            })
        }
        return answer
      },
    },
  },
  {
    name: 'tokscale',
    package: `@tokscale/cli-linux-${process.arch}-gnu`,
    binary: 'bin/tokscale',
    // It looks for logs only below the home folder and keeps parsed messages there, so an empty home gives a cold run.
    command: (tree, home) => tokscale('claude', tree, home),
    codex: { command: (tree, home) => tokscale('codex', tree, home) },
    answer(stdout) {
      /** @type {Answer} */
      const answer = {}
      for (const row of JSON.parse(stdout).entries) {
        add((answer[row.model] ??= {}), {
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

/** @param {'claude' | 'codex'} client @param {string} tree @param {string} home */
function tokscale(client, tree, home) {
  const link = join(home, `.${client}`)
  if (!existsSync(link)) symlinkSync(tree, link)
  return {
    args: ['models', '--json', '--no-spinner', '--client', client, '--group-by', 'model', '--home', home],
    env: { HOME: home, TOKSCALE_PRICING_CACHE_ONLY: '1' },
  }
}

/** Peers whose binary is in `folder`. @param {string} folder */
export function installedPeers(folder) {
  const found = known.map((peer) => ({ ...peer, path: join(folder, 'node_modules', peer.package, peer.binary) }))
  return found.filter(({ path }) => existsSync(path))
}

/**
 * The answers of the peers for a tree. A peer that does not run, or has a new output format, is omitted with a message.
 * @param {string} folder @param {string} tree @param {'codex'} [agent] the agent whose logs the tree has; default Claude Code
 * @returns {Promise<Peer[]>}
 */
export async function askPeers(folder, tree, agent) {
  const installed = installedPeers(folder)
  if (installed.length === 0) console.log(`there are no peers in ${folder}; node bench/peers.js installs them`)
  /** @type {Peer[]} */
  const asked = []
  for (const { name, path, ...known } of installed) {
    const { command, answer } = agent === undefined ? known : { ...known, ...known[agent] }
    try {
      executable(path)
      const version = outputOf({ file: path, args: ['--version'], env: {} })
        .trim()
        .split(' ')
        .at(-1)
      const ask = (/** @type {string} */ home) => ({ file: path, ...command(tree, home) })
      asked.push({ name, version, command: ask, answer: answer(await withFolder((home) => outputOf(ask(home)))) })
    } catch (error) {
      console.log(`${name} is left out: ${/** @type {Error} */ (error).message}`)
    }
  }
  return asked
}

/**
 * Installs the newest version of each without running install scripts. Throws if npm cannot be reached.
 * @param {string} folder
 */
export function installPeers(folder) {
  mkdirSync(folder, { recursive: true })
  const manifest = join(folder, 'package.json')
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n')
  const names = known.map((peer) => `${peer.package}@latest`)
  const args = ['install', ...names, '--ignore-scripts', '--no-audit', '--no-fund', '--silent', '--fetch-retries=0']
  execFileSync('npm', args, { cwd: folder, stdio: 'ignore', timeout: 300_000 })
}

/** Sets the executable bit, which the package lacks and its JavaScript wrapper sets on the first run. @param {string} path */
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
  for (const { path } of installedPeers(peers)) console.log(path)
}
