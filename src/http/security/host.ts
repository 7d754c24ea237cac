// Checks the Host header. Another site's page can point its own name at 127.0.0.1 (DNS rebinding) and then read what is
// served there, but the browser still sends that name. Only hosts that cannot be rebound are accepted: IP addresses,
// `localhost`, and the names that the user allows.
import type { IncomingMessage } from 'node:http'
import { isIPv4, isIPv6 } from 'node:net'

/** @param allowed names in lower case, without a trailing dot */
export function isHostAllowed(request: IncomingMessage, allowed: readonly string[]): boolean {
  const hosts = hostsOf(request)
  // Only HTTP/1.0 may omit it, and no browser uses that.
  if (hosts.length === 0) return request.httpVersion === '1.0'
  return hosts.every((host) => {
    const name = nameIn(host)
    return name !== undefined && (isAddress(name) || name === 'localhost' || allowed.includes(name))
  })
}

/** The hosts in each Host header, and in the URL that a proxy sends. */
function hostsOf({ url, headersDistinct }: IncomingMessage): readonly string[] {
  const authority = /^https?:\/\/([^/?#]*)/i.exec(url!)?.[1]
  return [...(authority === undefined ? [] : [authority]), ...(headersDistinct.host ?? [])]
}

/** Without port, in lower case, without a trailing dot; undefined if it is not a host. */
function nameIn(host: string): string | undefined {
  return /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(host.trim())?.[1]?.toLowerCase().replace(/\.$/, '')
}

const isAddress = (name: string): boolean => isIPv4(name) || (name.startsWith('[') && isIPv6(name.slice(1, -1)))

/** An address that only this machine can connect to. */
export const isLoopback = (address: string): boolean => /^(?:::1$|(?:::ffff:)?127\.)/i.test(address)
