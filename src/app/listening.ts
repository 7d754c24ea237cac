// The HTTP server of the app and the addresses that it logs. Loaded when the program begins to listen.
import type { Config } from '../config/config.js'
import type { Pages } from '../http/server.js'
import type { Log } from '../process/log.js'

export interface Listening {
  /** Logs each address with this message. */
  announce(message: string): void
  close(): Promise<void>
}

export interface ListeningOptions {
  readonly log: Log
  readonly pages: Pages
  /** The web configuration cannot be used. */
  readonly webConfigFailed: () => void
}

/** @throws if an address cannot be listened on or the web configuration is invalid */
export async function listen(config: Config, { log, pages, webConfigFailed }: ListeningOptions): Promise<Listening> {
  const { startServer } = await import('../http/server.js')
  const server = await startServer({
    listen: config.listen,
    telemetryPath: config.telemetryPath,
    allowedHosts: config.allowedHosts,
    webConfig: { file: config.webConfigFile, failed: webConfigFailed },
    log,
    pages,
  })
  return {
    announce(message) {
      for (const url of server.addresses) log.info({ url, metrics: `${url}${config.telemetryPath}` }, message)
    },
    close: () => server.close(),
  }
}
