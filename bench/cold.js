// Cold reading, whole process: how long from nothing to the full answer, beside the peers and beside `cat` of the same
// bytes. The page cache is warm; every run is a fresh process; rounds are interleaved, so a slow minute hits everyone.
//   node bench/cold.js [--tree DIR] [--runs 5] [--workers 0,1,2] [--program dist/main.js] [--peers DIR]
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findPeers, runEnv, withHome } from './peers.js'
import {
  allColumns, answerOf, conditions, defaultPeers, defaultProgram, defaultTree, differences, expectedOf, median, table,
  treeFlags,
} from './support.js'

const { values } = parseArgs({
  options: {
    tree: { type: 'string', default: defaultTree('1900') },
    runs: { type: 'string', default: '5' },
    workers: { type: 'string', default: '0,1,2' },
    program: { type: 'string', default: defaultProgram },
    peers: { type: 'string', default: defaultPeers },
  },
})
const tree = resolve(values.tree)
const expected = expectedOf(tree)
const peers = findPeers(values.peers)
const everyByte = `find "$1" -name '*.jsonl' -print0 | xargs -0 cat`

/** `command(home)` → what to run; `answer`: how to read it; `exact`: a wrong answer ends the bench. */
const contestants = [
  {
    name: 'cat',
    command: () => ({ file: 'sh', args: ['-c', everyByte, 'sh', `${tree}/projects`], env: {} }),
  },
  { name: 'node, empty program', command: () => ({ file: process.execPath, args: ['--eval', '0'], env: {} }) },
  ...(existsSync(values.program) ? values.workers.split(',').map(ours) : []),
  ...peers.map((peer) => ({
    name: `${peer.name} ${peer.version}`,
    answer: peer.answer,
    exact: false,
    command: (home) => ({ file: peer.binary, ...peer.command(tree, home) }),
  })),
]
if (!existsSync(values.program)) console.log(`no ${values.program}: build first; the others run without it\n`)

function ours(workers) {
  const args = [resolve(values.program), 'once', ...treeFlags(tree, 'none'), `--parser.workers=${workers}`]
  const command = (home) => ({ file: process.execPath, args, env: { HOME: home } })
  return { name: `ours, ${workers} workers`, answer: answerOf, exact: true, command }
}

console.log(conditions())
const { profile, files, bytes, requests } = expected
console.log(`tree     ${profile}: ${files} files, ${(bytes / 1e6).toFixed(0)} MB, ${requests} responses\n`)

// The answers first. This also warms the page cache.
for (const contestant of contestants.filter(({ answer }) => answer !== undefined)) await check(contestant)
const times = new Map(contestants.map((contestant) => [contestant, []]))
for (let run = 0; run < Number(values.runs); run += 1) {
  const turned = [...contestants.slice(run % contestants.length), ...contestants.slice(0, run % contestants.length)]
  for (const contestant of turned) times.get(contestant).push(await withHome((home) => timed(contestant.command(home))))
}
console.log(`\n${report()}`)

async function check({ name, command, answer, exact }) {
  await withHome((home) => {
    const { file, args, env } = command(home)
    const { stdout, stderr, status } = spawnSync(file, args, { env: runEnv(env), encoding: 'utf8', maxBuffer: 2 ** 28 })
    if (status !== 0) throw new Error(`${name} ended with ${status}:\n${stderr.slice(-2000)}`)
    const found = differences(answer(stdout), expected.perModel, exact ? allColumns : undefined)
    if (exact && found.length > 0) throw new Error(`${name} is wrong, so no times:\n${found.slice(0, 20).join('\n')}`)
    console.log(found.length === 0 ? `${name}: answer as expected` : `${name} differs:\n  ${found.join('\n  ')}`)
  })
}

/** Wall and processor seconds of one run; the shell around it (a millisecond) reports what its children used. */
function timed({ file, args, env }) {
  return new Promise((done, failed) => {
    const startedAt = performance.now()
    const script = '"$@" >/dev/null 2>/dev/null; code=$?; times; exit $code'
    const stdio = ['ignore', 'pipe', 'inherit']
    const shell = spawn('sh', ['-c', script, 'sh', file, ...args], { env: runEnv(env), stdio })
    let output = ''
    let endedAt = 0
    shell.stdout.on('data', (chunk) => (output += chunk))
    shell.once('exit', () => (endedAt = performance.now()))
    shell.once('error', failed)
    shell.once('close', (code) => {
      if (code !== 0) return failed(new Error(`${file} ${args.join(' ')} ended with ${code}`))
      const ofChildren = [...output.trim().split('\n').at(-1).matchAll(/(\d+)m([\d.]+)s/g)]
      const cpu = ofChildren.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0)
      done({ wall: (endedAt - startedAt) / 1000, cpu })
    })
  })
}

function report() {
  const medianOf = (contestant, key) => median(times.get(contestant).map((run) => run[key]))
  // Ratios are medians of the rounds' own ratios: each round's pair ran within the same minute.
  const rival = contestants.find(({ name }) => name.startsWith('ccusage'))
  const ratio = (contestant, base) => {
    if (base === undefined) return '–'
    return median(times.get(contestant).map((run, i) => run.wall / times.get(base)[i].wall)).toFixed(2)
  }
  const rows = contestants.map((contestant) => {
    const walls = times.get(contestant).map(({ wall }) => wall)
    return [
      contestant.name,
      `${medianOf(contestant, 'wall').toFixed(3)} s`,
      `${Math.min(...walls).toFixed(3)} – ${Math.max(...walls).toFixed(3)}`,
      `${medianOf(contestant, 'cpu').toFixed(2)} s`,
      `${(bytes / 1e6 / medianOf(contestant, 'wall')).toFixed(0)}`,
      ratio(contestant, contestants[0]),
      ratio(contestant, rival),
    ]
  })
  const heading = ['', 'median', 'range', 'cpu', 'MB/s', '÷ cat', '÷ ccusage']
  return `${table([heading, ...rows])}\n${values.runs} interleaved rounds, warm page cache; ratios within a round, median`
}
