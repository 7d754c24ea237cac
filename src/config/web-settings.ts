// Settings of the HTTP server.
import { each, hostName, listenAddress, one, path, urlPath } from './setting-values.js'
import type { Setting } from './setting.js'

export const webSettings = {
  /** At least one. An empty host means every interface; port 0 lets the system choose. */
  listen: {
    name: 'web.listen-address',
    value: 'HOST:PORT',
    help: 'address to listen on; repeatable; :PORT listens on every interface, port 0 picks a free port and logs it',
    repeatable: true,
    default: '127.0.0.1:9853',
    parse: each(listenAddress),
  },
  /** Host names in lower case, without a trailing dot. */
  allowedHosts: {
    name: 'web.allowed-host',
    value: 'NAME',
    help: 'host name accepted in requests to 127.0.0.1 or ::1 when no password is set; repeatable; IP addresses and localhost are always accepted',
    repeatable: true,
    default: () => [],
    parse: each(hostName),
  },
  telemetryPath: {
    name: 'web.telemetry-path',
    value: 'PATH',
    help: 'URL path of the metrics',
    default: '/metrics',
    parse: one(urlPath),
  },
  /** Absolute, and readable when it was checked. */
  webConfigFile: {
    name: 'web.config.file',
    value: 'FILE',
    help: 'file with TLS, passwords and HTTP headers, in the format of the Prometheus exporter-toolkit',
    parse: one(path),
  },
} satisfies Record<string, Setting<unknown>>
