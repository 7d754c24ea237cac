#!/usr/bin/env node
// Where the program starts. A Node.js that is too old cannot even parse the rest, so it is refused here, in a file that imports
// nothing and is written in the JavaScript of 2018.

/** That of `engines` in package.json. */
const OLDEST = [20, 19] as const

const [major, minor] = process.versions.node.split('.').map(Number) as [number, number]
if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) {
  void import('./app/program.js').then(({ runProgram }) => runProgram(process.argv.slice(2), process.env))
} else {
  process.stderr.write(
    `agent-usage-exporter: needs Node.js ${OLDEST.join('.')} or newer, and this is ${process.versions.node}\n`,
  )
  // A usage error, as which no service manager starts it again.
  process.exitCode = 2
}
