// Explains why an address cannot be listened on.

/** An address that cannot be listened on; the message is one line and names it. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

const REFUSALS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is already in use, perhaps by another exporter; choose another with --web.listen-address',
  EACCES: 'permission denied; ports below 1024 are often reserved',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the host name cannot be resolved now',
}

export function listenError(host: string, port: number, cause: NodeJS.ErrnoException): ListenError {
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const reason = REFUSALS[cause.code ?? ''] ?? cause.message
  return new ListenError(`cannot listen on ${address}: ${reason}`, { cause })
}
