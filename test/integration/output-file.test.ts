// `once --output` writes for the textfile collector what it would print: the whole file or nothing, and no other file.
import { execFileSync } from 'node:child_process'
import { once as event } from 'node:events'
import {
  chmodSync,
  closeSync,
  createReadStream,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { samples } from '../support/exposition.js'
import { mainFile, once } from '../support/program.js'
import { homes, requests, transcript } from './running.js'

const home = homes()
const A = transcript('/w/app', '1', '2')

it('writes what it would print to the file, and prints nothing', async () => {
  const { configDir, dir } = home({ 'a/A.jsonl': A })
  const collected = join(dir, 'collected')
  mkdirSync(collected)
  const output = join(collected, 'agents.prom')
  const printed = await once([configDir])
  expect(await once([configDir], { flags: [`--output=${output}`] })).toBe('')
  expect(readdirSync(collected)).toEqual(['agents.prom'])
  const written = readFileSync(output, 'utf8')
  expect(masked(written)).toEqual(masked(printed))
  expect(requests(samples(written))).toBe(2)
})

it('replaces the old file by a new one, so that a reader of the old one can finish', async () => {
  const { configDir, dir } = home({ 'a/A.jsonl': A })
  const output = join(dir, 'agents.prom')
  writeFileSync(output, 'old\n')
  const reader = openSync(output, 'r')
  try {
    await once([configDir], { flags: [`--output=${output}`] })
    expect(readFileSync(reader, 'utf8')).toBe('old\n')
  } finally {
    closeSync(reader)
  }
  expect(readFileSync(output, 'utf8')).toContain('agent_usage_requests_total{')
})

it('replaces the target of a link and keeps the link', async () => {
  const { configDir, dir } = home({ 'a/A.jsonl': A })
  mkdirSync(join(dir, 'collected'))
  mkdirSync(join(dir, 'elsewhere'))
  const [real, missing] = [join(dir, 'elsewhere', 'real.prom'), join(dir, 'elsewhere', 'missing.prom')]
  writeFileSync(real, 'old\n', { mode: 0o640 })
  const reader = openSync(real, 'r')
  symlinkSync('../elsewhere/real.prom', join(dir, 'collected', 'link.prom'))
  symlinkSync(join(dir, 'collected', 'link.prom'), join(dir, 'collected', 'twice.prom'))
  symlinkSync(missing, join(dir, 'collected', 'dangling.prom'))
  for (const [link, target] of [
    ['link.prom', real],
    ['twice.prom', real],
    ['dangling.prom', missing],
  ] as const) {
    if (target === real) writeFileSync(real, 'old\n')
    await once([configDir], { flags: [`--output=${join(dir, 'collected', link)}`] })
    expect(lstatSync(join(dir, 'collected', link)).isSymbolicLink()).toBe(true)
    expect(lstatSync(target).isFile()).toBe(true)
    expect(readFileSync(target, 'utf8')).toContain('agent_usage_requests_total{')
  }
  expect(readFileSync(reader, 'utf8')).toBe('old\n')
  closeSync(reader)
  expect(readdirSync(join(dir, 'elsewhere')).sort()).toEqual(['missing.prom', 'real.prom'])
})

it('keeps the mode of the file', async () => {
  const { configDir, dir } = home({ 'a/A.jsonl': A })
  const output = join(dir, 'agents.prom')
  for (const mode of [0o600, 0o644, 0o664]) {
    writeFileSync(output, '')
    chmodSync(output, mode)
    await once([configDir], { flags: [`--output=${output}`] })
    expect(statSync(output).mode & 0o777).toBe(mode)
  }
})

it('writes to open files, pipes and devices without replacing them', async () => {
  const { configDir, dir } = home({ 'a/A.jsonl': A })
  const [stdout, pipe, full] = ['stdout', 'pipe', 'full'].map((name) => join(dir, name)) as [string, string, string]
  symlinkSync('/dev/stdout', stdout)
  symlinkSync('/dev/full', full)
  execFileSync('mkfifo', [pipe])
  for (const output of ['/dev/stdout', '/dev/fd/1', stdout]) {
    expect(await once([configDir], { flags: [`--output=${output}`] })).toContain('agent_usage_requests_total{')
  }
  expect((await refused(configDir, pipe)).last).toBe(
    `agent-usage-exporter: cannot write ${pipe}: no process reads from this pipe`,
  )
  const read = text(createReadStream(pipe))
  expect(await once([configDir], { flags: [`--output=${pipe}`] })).toBe('')
  expect(await read).toContain('agent_usage_requests_total{')
  expect(await refused(configDir, full)).toMatchObject({
    code: 1,
    last: expect.stringMatching(/no space left/) as unknown,
  })
  expect(lstatSync(pipe).isFIFO()).toBe(true)
  expect([lstatSync(full).isSymbolicLink(), statSync(full).isCharacterDevice()]).toEqual([true, true])
})

it('exits with 2, before it reads any logs, if the output is a directory, a socket or a circular link', async () => {
  const { configDir, dir } = home({ 'a/A.jsonl': A })
  const [folder, socket, loop] = ['folder', 'socket', 'loop'].map((name) => join(dir, name)) as [string, string, string]
  mkdirSync(folder)
  symlinkSync('loop', loop)
  const server = createServer().listen(socket)
  await event(server, 'listening')
  const said = [
    [folder, 'it is a directory; name a file in it'],
    [socket, 'it is a socket'],
    [loop, 'more than 40 links'],
  ] as const
  for (const [output, reason] of said) {
    const { code, last, lines } = await refused(configDir, output)
    expect({ code, last, lines }).toEqual({
      code: 2,
      last: `agent-usage-exporter: --output: "${output}": ${reason}`,
      lines: 1,
    })
  }
  server.close()
  expect(lstatSync(loop).isSymbolicLink()).toBe(true)
})

it('exits with 1 if the file cannot be written', async () => {
  const { configDir, dir } = home({ 'a/A.jsonl': A })
  const output = join(dir, 'missing', 'agents.prom')
  const { code, last } = await refused(configDir, output)
  expect(code).toBe(1)
  expect(last).toMatch(/^agent-usage-exporter: cannot write .*missing\/agents\.prom: ENOENT/)
})

it('does not follow a link at the path of its temporary file', () => {
  const { configDir, dir } = home({ 'a/A.jsonl': A })
  const [output, precious] = [join(dir, 'agents.prom'), join(dir, 'precious')]
  writeFileSync(precious, 'precious\n')
  const flags = ['once', `--claude.config-dir=${configDir}`, '--state.dir=none', `--output=${output}`]
  execFileSync(
    'sh',
    ['-c', 'ln -s "$0" "$1.$$.tmp"; shift; exec "$@"', precious, output, process.execPath, mainFile, ...flags],
    { stdio: 'ignore' },
  )
  expect(readFileSync(precious, 'utf8')).toBe('precious\n')
  expect(lstatSync(output).isFile()).toBe(true)
  expect(readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([])
})

it('shows series that are new since the last run at 0 first', async () => {
  const { configDir, dir, stateDir } = home({ 'a/A.jsonl': A })
  const output = join(dir, 'agents.prom')
  const run = async (to: string, kept = stateDir): Promise<number[]> => {
    await once([configDir], { flags: [`--output=${to}`], stateDir: kept })
    const all = samples(readFileSync(to, 'utf8'))
    return ['app', 'new'].map((project) => requests(all, { project }))
  }
  expect(await run(output)).toEqual([2, 0])
  writeFileSync(join(configDir, 'projects/a/B.jsonl'), transcript('/w/new', '3'))
  // A run that could not write its file does not count as a scrape.
  await expect(run(join(dir, 'missing', 'agents.prom'))).rejects.toThrow()
  expect(await run(output)).toEqual([2, 0])
  expect(readFileSync(output, 'utf8')).toMatch(/^agent_usage_requests_total\{.*"new".*\} 0$/m)
  expect(await run(output)).toEqual([2, 1])
  expect(await run(output, 'none')).toEqual([2, 1])
})

async function refused(
  configDir: string,
  output: string,
): Promise<{ readonly code: number; readonly last: string; readonly lines: number }> {
  const error = await once([configDir], { flags: [`--output=${output}`] }).catch((thrown: unknown) => thrown)
  const [, code, said] = /^once exited with (\d+): (.*)$/s.exec((error as Error).message)!
  const lines = said!.trimEnd().split('\n')
  return { code: Number(code), last: lines.at(-1)!, lines: lines.length }
}

/** All lines, with values that differ between runs masked. */
function masked(text: string): string[] {
  return text
    .split('\n')
    .map((one) =>
      one
        .replace(/^(agent_usage_exporter_\S*(?:seconds|bucket|sum)\S*(?:\{.*\})?) \S+$/, '$1 *')
        .replace(/id="[^"]+"/, 'id="*"'),
    )
}
