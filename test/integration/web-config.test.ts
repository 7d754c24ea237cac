// --web.config.file: metrics are served over TLS to users who sign in, and a failed reload is counted.
import { copyFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hash } from '@node-rs/bcrypt'
import { expect, test } from 'vitest'
import { samples, sumOf } from '../support/exposition.js'
import { get, pemFile } from '../support/https.js'
import { homes, requests, running, transcript } from './running.js'

const home = homes()

test('serves metrics over TLS to users who sign in, and counts a failed reload', async () => {
  const own = home({ 'shop/a.jsonl': transcript('/work/shop', 'one') })
  const file = join(own.dir, 'web.yml')
  const write = (users: string): void => {
    const tls = 'tls_server_config: { cert_file: server.pem, key_file: server.pem }'
    writeFileSync(`${file}.new`, `${tls}\nbasic_auth_users: ${users}`)
    renameSync(`${file}.new`, file)
  }
  copyFileSync(pemFile('server'), join(own.dir, 'server.pem'))
  write(`{ ada: "${await hash('engine', 4)}" }`)

  const { url, complaints } = await running(own, [`--web.config.file=${file}`])
  expect(url).toMatch(/^https:/)
  expect((await get(`${url}/metrics`)).status).toBe(401)
  const scrape = async () => {
    const { body } = await get(`${url}/metrics`, { user: 'ada:engine' })
    return samples(
      body
        .split('\n')
        .filter((line) => line.startsWith('agent_usage_'))
        .join('\n'),
    )
  }
  const errors = { stage: 'web_config' }
  const before = await scrape()
  expect([requests(before), sumOf(before, 'agent_usage_exporter_errors_total', errors)]).toEqual([1, 0])

  write('{ ada: engine }')
  await scrape()
  expect(sumOf(await scrape(), 'agent_usage_exporter_errors_total', errors)).toBe(1)
  expect(complaints).toMatchObject([{ level: 'error', fields: { file } }])
})
