#!/usr/bin/env node
// The entry point of the program. Refuses a Node.js version that is too old to parse the rest; therefore this file
// imports nothing, and is written in the JavaScript of 2018.

/** The same as `engines` in package.json. */
const OLDEST = [20, 19] as const

const [major, minor] = process.versions.node.split('.').map(Number) as [number, number]
if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) {
  void import('./app/program.js').then(({ runProgram }) => runProgram(process.argv.slice(2), process.env))
} else {
  process.stderr.write(
    `agent-usage-exporter: needs Node.js ${OLDEST.join('.')} or newer, but this is ${process.versions.node}\n`,
  )
  // A usage error, so that service managers do not restart it.
  process.exitCode = 2
}
