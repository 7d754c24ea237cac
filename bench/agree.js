// What the program and its peers count, side by side: the program must be right; where a peer differs, each of its
// numbers is printed. On the profile `agreed` nobody should; README, "Where the answers differ", says why they do
// elsewhere.
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
