// A port for a server that does not say which it took.
import { createServer, type AddressInfo } from 'node:net'

/** One of 127.0.0.1 that was free just now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
