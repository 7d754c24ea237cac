// Reads the names in a client certificate that an allow list may contain.
import { SocketAddress } from 'node:net'
import type { X509Certificate } from 'node:crypto'

/**
 * Subject alternative names of the kinds DNS, IP, e-mail and URI as Go writes them, because the allow lists are made
 * for Go exporters: IPv6 addresses short and in lower case.
 */
export function subjectNames({ subjectAltName = '' }: X509Certificate): readonly string[] {
  // Node writes `DNS:a.example, IP Address:10.0.0.1`, and ambiguous names as a JSON string.
  const entries = subjectAltName.matchAll(/(?:^|, )([\w ]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?=, |$)/gy)
  return [...entries].flatMap(([, kind, written]) => {
    const value = written!.startsWith('"') ? (JSON.parse(written!) as string) : written!
    if (kind === 'IP Address' && value.includes(':'))
      return new SocketAddress({ address: value, family: 'ipv6' }).address
    return kind === 'IP Address' || kind === 'DNS' || kind === 'email' || kind === 'URI' ? value : []
  })
}
