#!/usr/bin/env node
// From flags to a command to an exit code. 0: done; 1: failed; 2: usage error.
import { once } from './app/once.js'
import { serve } from './app/serve.js'
import { ConfigError, HelpRequested, loadConfig, readConfig, refuseMistakes } from './config/config.js'

async function main(): Promise<number> {
  const argv = process.argv.slice(2)
  const read = readConfig(argv, process.env)
  const { config } = read
  // What starts nothing is loaded only when asked for.
  if (config.command === 'check') return (await import('./app/check.js')).check(read)
  if (config.command === 'healthcheck') {
    const { healthcheck } = await import('./app/healthcheck.js')
    return healthcheck(argv, read, (others) => readConfig(others, process.env))
  }
  refuseMistakes(read.mistakes)
  if (config.command === 'backfill') {
    const { backfill } = await import('./app/backfill.js')
    return backfill(config, () => loadConfig(argv, process.env))
  }
  const command = config.command === 'once' ? once : serve
  return command(config, () => loadConfig(argv, process.env))
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof HelpRequested) {
      process.stdout.write(error.text, () => process.exit(0))
      return
    }
    process.stderr.write(`agent-usage-exporter: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(error instanceof ConfigError ? 2 : 1)
  },
)
