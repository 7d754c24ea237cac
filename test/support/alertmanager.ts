// A real Alertmanager with the configuration that we ship, except for shorter delays and our webhook as its receiver.
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { onTestFinished, type TestContext } from 'vitest'
import { parse } from 'yaml'
import { grafanaFolder } from '../grafana/boards.js'
import { daemon } from './daemon.js'

/** The body of a webhook request: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export interface Notification {
  readonly status: 'firing' | 'resolved'
  readonly groupLabels: Readonly<Record<string, string>>
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved'
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }[]
}

export interface Alertmanager {
  readonly url: string
  /** Notifications received so far, in order. */
  readonly received: readonly Notification[]
}

interface Shipped {
  readonly route: object
  readonly receivers: readonly [object]
}

/** Starts Alertmanager for the duration of the test. */
export async function startAlertmanager(context: TestContext, folder: string): Promise<Alertmanager> {
  const received: Notification[] = []
  const webhook = await receiver((body) => received.push(JSON.parse(body) as Notification))
  const shipped = parse(readFileSync(`${grafanaFolder}alertmanager.yml`, 'utf8')) as Shipped
  const config = {
    ...shipped,
    route: { ...shipped.route, group_wait: '1s', group_interval: '1s' },
    receivers: [{ ...shipped.receivers[0], webhook_configs: [{ url: webhook }] }],
  }
  const place = mkdtempSync(join(folder, 'alertmanager-'))
  writeFileSync(join(place, 'alertmanager.yml'), JSON.stringify(config))
  const url = await daemon(
    context,
    // The name of Debian's package, and the usual one.
    ['prometheus-alertmanager', 'alertmanager'],
    [
      `--config.file=${join(place, 'alertmanager.yml')}`,
      `--storage.path=${join(place, 'storage')}`,
      '--web.listen-address=127.0.0.1:0',
      // No cluster, so no port for one.
      '--cluster.listen-address=',
    ],
  )
  return { url, received }
}

/** Starts a server that accepts every POST. @returns its URL */
async function receiver(take: (body: string) => void): Promise<string> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      take(body)
      response.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
