// Cost of a crowd: concurrent scrapes, clients that do not read, pipelined requests, connections that stop within the headers. Measures
// how long others wait, and the peak memory of the program. Linux only (/proc).
//   node bench/crowd.js [--series 20000] [--scrapes 50] [--rounds 5] [--program dist/main.js]
//   scrapes: number of concurrent scrapes
import http from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { mustMatch } from './answers.js'
import { statusOf as processStatus } from './process.js'
import { get, metricsOf, treeFlags, withFolder, withServer } from './served.js'
import { conditions, defaultProgram, optionsOf, settingsLine, spread, spreadHeading, table } from './support.js'
import { writeRegularTree } from './tree/regular.js'
import { allModels } from './tree/session.js'

const values = optionsOf({ series: '20000', scrapes: '50', rounds: '5', program: defaultProgram })
/** Status of a response; 0 if there was none. @typedef {number | undefined} Status */
/** Usage series of one project and model, as in scrape.js. */
const seriesOfPair = 11
const words = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'
/**
 * Each returns the statuses of its scrapes and closes its connections.
 * @type {Record<string, (port: number) => Promise<Status[]>>}
 */
const crowds = {
  'one scrape at a time': (port) => rounds(() => scrapes(port, 1)),
  [`${values.scrapes} scrapes at a time`]: (port) => rounds(() => scrapes(port, Number(values.scrapes))),
  '200 readers who do not read, and one who does': async (port) => {
    const sockets = await Promise.all(Array.from({ length: 200 }, () => opened(port, words)))
    return closing(sockets, await rounds(() => scrapes(port, 1)))
  },
  'a thousand pipelined requests, and one scrape': async (port) => {
    const socket = await opened(port, words.repeat(1000))
    return closing([socket], await rounds(() => scrapes(port, 1)))
  },
  '300 that stop in their headers, and one scrape': async (port) => {
    const sockets = await Promise.all(Array.from({ length: 300 }, () => opened(port, 'GET /metrics HTTP/1.1\r\nHo')))
    return closing(sockets, await rounds(() => scrapes(port, 1)))
  },
}

console.log(`${conditions()}\n${settingsLine(values)}\n`)

await withFolder(async (folder) => {
  const projects = Math.max(1, Math.round(Number(values.series) / seriesOfPair / allModels.length))
  const pairs = projects * allModels.length
  const root = join(folder, 'root')
  const expected = writeRegularTree({ out: root, files: pairs, responses: 2 * pairs, bytes: 4000 * pairs, projects })
  const flags = [...treeFlags(root, join(folder, 'state')), `--metrics.max-series=${pairs}`]
  await withServer(values.program, flags, async (url, { pid }) => {
    mustMatch(await metricsOf(url), expected.perModel)
    const rows = [['/-/healthy waits', ...spreadHeading, 'scrapes', 'of these 503', 'MB at most']]
    const port = Number(new URL(url).port)
    for (const [name, crowd] of Object.entries(crowds)) {
      /** @type {number[]} */
      const waits = []
      const statuses = await whileAsking(url, waits, () => crowd(port))
      if (statuses.some((status) => status !== 200 && status !== 503))
        throw new Error(`${name}: a scrape failed: ${statuses.join()}`)
      rows.push([
        name,
        ...spread(waits),
        `${statuses.length}`,
        `${statuses.filter((status) => status === 503).length}`,
        processStatus(pid).peakMegabytes.toFixed(0),
      ])
    }
    mustMatch(await metricsOf(url), expected.perModel)
    console.log(table(rows))
  })
})

/** @param {() => Promise<Status[]>} round */
async function rounds(round) {
  /** @type {Status[]} */
  const all = []
  for (let count = 0; count < Number(values.rounds); count += 1) all.push(...(await round()))
  return all
}

/** Concurrent scrapes over new connections. @param {number} port @param {number} count */
function scrapes(port, count) {
  return Promise.all(Array.from({ length: count }, () => statusOf(port)))
}

/** @param {number} port @returns {Promise<Status>} */
function statusOf(port) {
  return new Promise((done) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/metrics', agent: false }, (response) => {
      response
        .resume()
        .once('end', () => done(response.statusCode))
        .on('error', () => done(0))
    })
    // `on` and not `once`, because a broken connection may emit two errors.
    request.on('error', () => done(0))
  })
}

/**
 * A connection that has sent `said` and reads nothing.
 * @param {number} port @param {string} said @returns {Promise<import('node:net').Socket>}
 */
function opened(port, said) {
  return new Promise((done, failed) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(said, () => done(socket)))
    socket
      .pause()
      .once('error', failed)
      .on('error', () => undefined)
  })
}

/** @param {import('node:net').Socket[]} sockets @param {Status[]} statuses */
function closing(sockets, statuses) {
  for (const socket of sockets) socket.destroy()
  return statuses
}

/**
 * Requests `/-/healthy` without pause while `work` runs, and adds the time of each response in ms to `waits`.
 * @template T @param {string} url @param {number[]} waits @param {() => Promise<T>} work
 */
async function whileAsking(url, waits, work) {
  let working = true
  const asking = (async () => {
    while (working) {
      const startedAt = performance.now()
      // A kept connection may be closed to make room just as it is reused. Clients then repeat the request.
      await get(`${url}/-/healthy`).catch(() => get(`${url}/-/healthy`))
      waits.push(performance.now() - startedAt)
    }
  })()
  try {
    return await work()
  } finally {
    working = false
    await asking
  }
}
