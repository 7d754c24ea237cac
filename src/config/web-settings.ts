// Settings of the HTTP server.
import { each, hostName, listenAddress, one, path, urlPath } from './setting-values.js'
import type { Setting } from './setting.js'

export const webSettings = {
  /** An empty host is every interface; port 0 lets the system choose. At least one. */
  listen: {
    name: 'web.listen-address',
    value: 'HOST:PORT',
    help: 'address to serve on; repeatable; :PORT is every interface, port 0 picks one and logs it',
    repeatable: true,
    default: '127.0.0.1:9853',
    parse: each(listenAddress),
  },
  /** Host names in lower case, without a dot at the end. */
  allowedHosts: {
    name: 'web.allowed-host',
    value: 'NAME',
    help: 'host name by which clients may ask where 127.0.0.1 or ::1 is served without a password; repeatable; IP addresses and localhost always may',
    repeatable: true,
    default: () => [],
    parse: each(hostName),
  },
  telemetryPath: {
    name: 'web.telemetry-path',
    value: 'PATH',
    help: 'path of the metrics',
    default: '/metrics',
    parse: one(urlPath),
  },
  /** Absolute, and readable when it was looked at. */
  webConfigFile: {
    name: 'web.config.file',
    value: 'FILE',
    help: 'TLS, passwords and HTTP headers, in the format of the Prometheus exporter-toolkit',
    parse: one(path),
  },
} satisfies Record<string, Setting<unknown>>
