// Names that are not UTF-8: transcripts with such names, or in such folders, are read once, also after a restart.
import { appendFileSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sumOf } from '../support/exposition.js'
import { homes, requests, running, transcript } from './running.js'

const home = homes()

/** A path in which `\x80` and the like are single bytes. */
const bytes = (path: string): Buffer => Buffer.from(path, 'latin1')

// macOS rejects such names.
it.runIf(process.platform === 'linux')(
  'files whose names are not UTF-8 are read once and resumed after a restart',
  async () => {
    const place = home({ 'a/A.jsonl': transcript('/w/app', '1') })
    const projects = join(place.configDir, 'projects')
    const files = [
      'a/\x80.jsonl',
      'a/\x81.jsonl',
      'a/\xef\xbf\xbd.jsonl',
      'a/\xee\xbe\x80.jsonl',
      '\xff-dir/S.jsonl',
      '\xff-dir/\xe9/subagents/agent-1.jsonl',
    ]
    mkdirSync(bytes(join(projects, '\xff-dir/\xe9/subagents')), { recursive: true })
    for (const [index, file] of files.entries())
      writeFileSync(bytes(join(projects, file)), transcript('/w/app', `odd-${index}`))
    symlinkSync(bytes('\x80.jsonl'), join(projects, 'a/link.jsonl'))

    const first = await running(place)
    expect(requests(await first.scrape())).toBe(7)
    expect(first.complaints).toEqual([])
    await first.app.stop()

    for (const file of files)
      appendFileSync(bytes(join(projects, file)), transcript('/w/app', `more-${file.length}-${file.charCodeAt(2)}`))
    const appended = Buffer.byteLength(transcript('/w/app', 'more-00-000')) * files.length
    const second = await running(place)
    const all = await second.scrape()
    expect(requests(all)).toBe(13)
    // Only the appended lines were read, no whole file.
    expect(sumOf(all, 'agent_usage_exporter_bytes_read_total')).toBeLessThan(appended * 1.2)

    renameSync(bytes(join(projects, files[0]!)), bytes(join(projects, 'a/\x82.jsonl')))
    expect(await second.app.pass()).toMatchObject({ files: 7, unchanged: 6 })
    expect(requests(await second.scrape())).toBe(13)
    expect(second.complaints).toEqual([])
  },
)
