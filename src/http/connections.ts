// Limits connections and pipelined requests across all servers, so that no client keeps others out: beyond the limit,
// the connection that has been idle longest is closed.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface Connections {
  opened(socket: Socket): void
  /** False if too many of its requests wait; the connection is then closed. */
  asked(request: IncomingMessage, response: ServerResponse): boolean
  closeAll(): void
  readonly count: number
}

interface Connection {
  readonly socket: Socket
  /** Requests that are not answered yet. */
  waiting: number
}

/** No known client pipelines requests; RFC 9112 allows it. */
const MAX_REQUESTS_AHEAD = 16

export function createConnections(most: number): Connections {
  /** Ordered by when something last began or ended on it, the longest ago first. */
  const connections = new Map<string, Connection>()

  function touch(key: string, connection: Connection): void {
    connections.delete(key)
    connections.set(key, connection)
  }

  function close(key: string, { socket }: Connection): void {
    connections.delete(key)
    socket.destroy()
  }

  function makeRoom(): void {
    const all = [...connections]
    const [key, connection] = all.find(([, { waiting }]) => waiting === 0) ?? all[0]!
    close(key, connection)
  }

  return {
    get count() {
      return connections.size
    },
    opened(socket) {
      const key = keyOf(socket)
      const connection = { socket, waiting: 0 }
      if (connections.size >= most) makeRoom()
      connections.set(key, connection)
      socket.once('close', () => {
        if (connections.get(key) === connection) connections.delete(key)
      })
    },
    asked({ socket }, response) {
      const key = keyOf(socket)
      const connection = connections.get(key)
      // It was closed in the meantime.
      if (connection === undefined) return false
      connection.waiting += 1
      if (connection.waiting > MAX_REQUESTS_AHEAD) {
        close(key, connection)
        return false
      }
      touch(key, connection)
      response.once('close', () => {
        connection.waiting -= 1
        if (connections.get(key) === connection) touch(key, connection)
      })
      return true
    },
    closeAll() {
      for (const { socket } of connections.values()) socket.destroy()
    },
  }
}

/** The same for a TLS socket and for the socket below it, which is what a server opens. */
function keyOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(' ')
}
