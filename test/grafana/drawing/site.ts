// The page that draws a board, and the Prometheus that it asks, behind one address.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { build } from 'rolldown'
import { boardText, type boardNames } from '../boards.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const PAGE = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><style>body{margin:0}</style>
<div id="root"></div><script type="module" src="/page.js"></script>`

/** What the components bring along for editors, maps and telemetry; the boards have none of it, and it is not installed. */
const LEFT_OUT = /^(@monaco-editor\/react|monaco-editor|ol|@grafana\/faro-web-sdk)(\/|$)/

export async function bundlePage(): Promise<Readonly<Record<string, string>>> {
  const { output } = await build({
    input: join(here, 'page.jsx'),
    platform: 'browser',
    logLevel: 'silent',
    write: false,
    transform: { define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}', global: 'globalThis' } },
    moduleTypes: { '.svg': 'dataurl', '.woff2': 'dataurl', '.png': 'dataurl', '.css': 'js' },
    plugins: [
      {
        name: 'left out',
        resolveId: (id) => (LEFT_OUT.test(id) ? `\0left-out` : undefined),
        load: (id) =>
          id === '\0left-out' ? 'module.exports = new Proxy(class {}, { get: () => class {} })' : undefined,
      },
      {
        name: 'style sheets',
        transform: (code, id) =>
          id.endsWith('.css')
            ? `document.head.append(Object.assign(document.createElement('style'), { textContent: ${JSON.stringify(code)} }))`
            : undefined,
      },
    ],
    output: { codeSplitting: false },
  })
  return Object.fromEntries(
    output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : String(file.source)]),
  )
}

/** Its address, until the test is over. */
export async function serveBoards(files: Readonly<Record<string, string>>, prometheus: string): Promise<string> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url!, 'http://127.0.0.1')
    const board = /^[/]boards[/](\w+)[.]json$/.exec(pathname)?.[1]
    if (pathname.startsWith('/api/')) {
      const body = await text(request)
      const { 'content-type': type = '' } = request.headers
      const answered = await fetch(prometheus + pathname, { method: 'POST', headers: { 'content-type': type }, body })
      response.setHeader('content-type', 'application/json').end(await answered.text())
    } else if (board !== undefined) response.end(boardText(board as (typeof boardNames)[number]))
    else if (pathname === '/') response.setHeader('content-type', 'text/html').end(PAGE)
    // Icons and fonts are part of Grafana itself; without them a browser takes a font of its own.
    else if (pathname.endsWith('.woff2')) response.writeHead(204).end()
    else if (pathname.endsWith('.svg'))
      response.setHeader('content-type', 'image/svg+xml').end('<svg xmlns="http://www.w3.org/2000/svg"/>')
    else {
      const file = files[pathname.slice(1)]
      response.setHeader('content-type', pathname.endsWith('.js') ? 'text/javascript' : 'text/css')
      response.writeHead(file === undefined ? 404 : 200).end(file)
    }
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.close().closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
