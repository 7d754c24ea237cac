// The credentials of a request: headers, a client certificate, and the certificate authorities to trust. Their files
// are reloaded when they change, so that a token or a certificate can be renewed while the program runs.
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { follow } from '../../process/follow.js'
import type { PushTarget } from './target.js'

export interface Credentials {
  readonly headers: Readonly<Record<string, string>>
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string }
}

type Files = Pick<PushTarget, 'headers' | 'headersFile' | 'caFile' | 'certFile' | 'keyFile'>

/**
 * Each call of the result checks the files. A file that cannot be read is reported, and its last good content stays in
 * use.
 * @throws Error of one line that names the file, the first time
 */
export function followCredentials(target: Files, refused: (error: unknown) => void): () => Credentials {
  const { headersFile, caFile, certFile, keyFile } = target
  const files = [headersFile, caFile, certFile, keyFile].filter((file) => file !== undefined)
  return follow({
    source: () => target,
    files: () => files,
    read: readCredentials,
    changed: () => undefined,
    refused,
  })
}

/** @throws Error of one line that names the file and shows nothing of its content */
export function readCredentials({ headers, headersFile, caFile, certFile, keyFile }: Files): Credentials {
  const own = headersFile === undefined ? {} : parseHeaders(textOf(headersFile), headersFile)
  const tls = {
    ...(caFile !== undefined && { ca: authoritiesOf(caFile) }),
    ...(certFile !== undefined && { cert: textOf(certFile) }),
    ...(keyFile !== undefined && { key: textOf(keyFile) }),
  }
  const names = [caFile, certFile, keyFile].filter((file) => file !== undefined)
  if (names.length > 0) {
    try {
      createSecureContext(tls)
    } catch (cause) {
      throw new Error(`${names.join(', ')}: OpenSSL does not accept it: ${(cause as Error).message}`, { cause })
    }
  }
  return { headers: { ...headers, ...own }, tls }
}

/** OpenSSL treats a file without certificates as an empty list of authorities, and then trusts no receiver. */
function authoritiesOf(file: string): string {
  const text = textOf(file)
  if (!/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(text)) throw new Error(`${file}: no certificate in it`)
  return text
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Error(`${file}: cannot read it: ${(cause as NodeJS.ErrnoException).code ?? 'unreadable'}`, { cause })
  }
}

/** Lines of `Name: value`; empty lines and lines that begin with `#` are ignored. */
function parseHeaders(text: string, file: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([\t\x20-\x7e]*?)[ \t]*$/.exec(line) ?? []
    if (name === undefined || value === undefined)
      throw new Error(`${file}: line ${index + 1}: expected NAME: VALUE, in ASCII`)
    headers[name.toLowerCase()] = value
  }
  return headers
}
