// Settings and prices that reload when their files change, and on request. A bad file is reported once, and the last good
// values stay in use.
import { stat } from 'node:fs/promises'
import type { Config } from '../config/config.js'
import { reloaded } from '../config/reloaded.js'
import type { PriceTable } from '../core/pricing/price-table.js'
import { createPricer, type Pricer } from '../core/pricing/pricing.js'
import type { Log } from '../process/log.js'
import { loadBuiltInPrices, readPriceFile } from '../prices/price-file.js'
import { buildPriceTable } from '../prices/price-table.js'

export interface LiveConfig {
  /** New objects after a reload. */
  readonly config: Config
  readonly prices: PriceTable
  readonly pricer: Pricer
  /** False while the files have a mistake and the previous values stay in use. */
  readonly valid: boolean
  /** Reloads everything. Settings that need a restart are logged by name. Never rejects. */
  reload(): Promise<void>
  /**
   * To be called about every second: reloads when a file is not the one that was last read. A file that changed since
   * the previous call may still be being written, and waits for the next call. Never rejects.
   */
  look(): Promise<void>
}

export interface LiveConfigOptions {
  /** Reloads the configuration. @throws ConfigError */
  readonly load: () => Config
  readonly log: Log
  /** The reloaded values are in use. */
  readonly taken: () => void
  /** The files cannot be used; the previous values stay in use. */
  readonly refused: () => void
}

/** @throws what a bad price file throws */
export async function createLiveConfig(
  config: Config,
  { load, log, taken, refused }: LiveConfigOptions,
): Promise<LiveConfig> {
  let current = await read(config)
  let lastRead = ''
  let lastSeen = ''
  /** The mistake that was logged last. */
  let logged = ''
  let valid = true

  async function reload(asked: boolean): Promise<void> {
    if (asked) logged = ''
    try {
      const configFile = await stampOf(current.config.configFile)
      const { config, changed, waiting } = reloaded(current.config, load())
      // Taken before the files are read, so that the next check sees a change in the meantime.
      const stamps = configFile + (await stampOf(config.pricesFile))
      const before = current.prices.fingerprint
      current = await read(config)
      lastRead = stamps
      logged = ''
      valid = true
      taken()
      const all = current.prices.fingerprint === before ? changed : [...changed, 'prices']
      log[asked || all.length > 0 ? 'info' : 'debug']({ changed: all }, 'configuration reloaded')
      if (waiting.length > 0) log.warn({ settings: waiting }, 'these settings changed and need a restart')
    } catch (error) {
      valid = false
      refused()
      const reason = error instanceof Error ? error.message : String(error)
      if (reason !== logged) log.error({ reason }, 'configuration not reloaded: keeping the previous one')
      logged = reason
    }
  }

  // One at a time, because each reload compares with the result of the previous one.
  let queue = Promise.resolve()
  const enqueue = (work: () => Promise<void>): Promise<void> => (queue = queue.then(work))
  return {
    get config() {
      return current.config
    },
    get prices() {
      return current.prices
    },
    get pricer() {
      return current.pricer
    },
    get valid() {
      return valid
    },
    reload: () => enqueue(() => reload(true)),
    look: () =>
      enqueue(async () => {
        const seen = (await stampOf(current.config.configFile)) + (await stampOf(current.config.pricesFile))
        if (seen !== lastRead && seen === lastSeen) await reload(false)
        lastSeen = seen
      }),
  }
}

async function read(config: Config): Promise<{ config: Config; prices: PriceTable; pricer: Pricer }> {
  const userPrices = config.pricesFile === undefined ? undefined : await readPriceFile(config.pricesFile)
  const prices = buildPriceTable(loadBuiltInPrices(), userPrices)
  return { config, prices, pricer: createPricer(prices) }
}

/**
 * Changes when the file is written or replaced: by an editor, or by a link that now leads elsewhere, as in a Kubernetes
 * ConfigMap.
 */
async function stampOf(path: string | undefined): Promise<string> {
  if (path === undefined) return '-'
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unreadable'
  }
}
