// Compares the counts of the program and its peers. The program must be right; each number of a peer that differs is printed. On the
// profile `agreed` none should differ; README, "Where the answers differ", gives the reasons for other trees.
//   node bench/agree.js [--tree DIR] [--program dist/main.js] [--peers DIR]
import { resolve } from 'node:path'
import { differences, expectedOf, mustMatch, treeLine } from './answers.js'
import { askPeers } from './peers.js'
import { treeFlags, withFolder } from './served.js'
import { conditions, defaultPeers, defaultProgram, defaultTree, optionsOf } from './support.js'
import { outputOf } from './trial.js'

const values = optionsOf({ tree: defaultTree('agreed'), program: defaultProgram, peers: defaultPeers })
const tree = resolve(values.tree)
const expected = expectedOf(tree)
console.log(`${conditions()}\n${treeLine(expected)}\n`)

await withFolder((home) => {
  const args = [resolve(values.program), 'once', ...treeFlags(tree, 'none', expected.agent)]
  mustMatch(outputOf({ file: process.execPath, args, env: { HOME: home } }), expected.perModel)
  console.log('ours: as expected')
})
for (const { name, version, answer } of await askPeers(values.peers, tree, expected.agent)) {
  const found = differences(answer, expected.perModel)
  console.log(`${name} ${version}: ${found.length === 0 ? 'as expected' : `\n  ${found.join('\n  ')}`}`)
}
