// Reading files gives the same result for any chunk size, from a cursor or from the start, with bounded memory.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { KeyHash } from '../../src/core/ledger/hash.js'
import { MAX_LINE_BYTES } from '../../src/decode/decoder.js'
import type { Batch } from '../../src/core/ledger/batch.js'
import { SOURCES } from '../../src/sources/index.js'
import { createReadBuffer, parseFiles, parseSteps } from '../../src/worker/parse-file.js'
import { claudeCode } from '../../src/sources/claude-code/claude-code.js'
import type { Source } from '../../src/sources/source.js'
import { countedOf } from '../sources/reading.js'
import { LOG, content } from '../sources/relay/lines.js'
import { relay } from '../sources/relay/relay.js'
import { line, lines } from '../support/line.js'
import { temporaryFolder } from '../support/tree.js'
import { comparable, fileTask, read, taskOf } from './task.js'

const folder = temporaryFolder()
const CHUNK_BYTES = 64 * 1024
const parse = (task: Parameters<typeof parseFiles>[0], chunkBytes = CHUNK_BYTES) =>
  parseFiles(task, createReadBuffer(chunkBytes, SOURCES))
const A = lines(line('msg_1/r1 o48 10/160/0/0/1000'))
const B = lines(line('msg_2/r2 o48 10/160/0/0/1000'))
const UNNAMED = lines(line('- o48 1/1', { line: { uuid: undefined } }))

let files = 0
function written(content: string | Buffer): string {
  const path = join(folder, `${files++}.jsonl`)
  writeFileSync(path, content)
  return path
}

describe('a file', () => {
  it('gives the same result for any chunk size', () => {
    const small = '{"message":{"usage":{"input_tokens":3},"id":"msg_9","model":"é"},"type":"assistant"}'
    const path = written(`\ufeff${small}\n\n\0\0\nbad é\r\n${UNNAMED}${small.slice(0, 40)}\n${A}${small}`)
    const whole = comparable(parse(taskOf(path)))
    expect(read(parse(taskOf(path))).skipped).toEqual({ nul_bytes: 1, invalid_json: 2 })
    for (let chunkBytes = 1; chunkBytes <= 700; chunkBytes += 1) {
      expect(comparable(parse(taskOf(path), chunkBytes)), `${chunkBytes} bytes a chunk`).toEqual(whole)
    }
  })

  it('is reported with its complete lines, its bytes and its first working directory', () => {
    const path = written(A + B + 'torn')
    const { lines: count, bytes, cwd, cursor, replaced } = read(parse(taskOf(path)))
    const { size, mtimeMs, ino } = statSync(path)
    expect({ count, bytes, cwd, replaced }).toEqual({ count: 2, bytes: size, cwd: '/w/app', replaced: false })
    expect(cursor).toMatchObject({ size, mtimeMs, inode: ino, offset: size - 4 })
    expect(read(parse(taskOf(fileTask(path, { wantsCwd: false })))).cwd).toBeUndefined()
  })

  it('that is empty or only a byte order mark has no lines', () => {
    for (const content of ['', '\ufeff']) {
      const result = parse(taskOf(written(content)))
      const { lines, skipped } = read(result)
      expect({ lines, skipped }).toEqual({ lines: 0, skipped: {} })
      expect(countedOf(result.batch)).toEqual([])
    }
  })

  it('that is gone or unreadable does not affect the others of its task', () => {
    const directory = join(folder, 'directory.jsonl')
    mkdirSync(directory)
    const result = parse(taskOf(written(A), join(folder, 'none.jsonl'), directory, written(B)))
    expect(result.outcomes.map(({ kind }) => kind)).toEqual(['read', 'gone', 'failed', 'read'])
    expect(result.outcomes[2]).toMatchObject({ message: `Error: not a regular file: ${directory}` })
    expect(countedOf(result.batch)).toHaveLength(2)
  })

  it.skipIf(process.platform === 'win32')(
    'that became a pipe, a socket or a device fails without blocking',
    async () => {
      const [pipe, socket] = [join(folder, 'pipe.jsonl'), join(folder, 'socket.jsonl')]
      execFileSync('mkfifo', [pipe])
      const server = createServer().listen(socket)
      await once(server, 'listening')
      const result = parse(taskOf(pipe, socket, '/dev/zero', written(A)))
      server.close()
      expect(result.outcomes.map(({ kind }) => kind)).toEqual(['failed', 'failed', 'failed', 'read'])
    },
  )

  it('is read with a pause after each chunk', () => {
    const path = written(lines(...Array.from({ length: 100 }, (_, number) => line(`msg_${number}/r o48 1/1`))))
    const steps = parseSteps(taskOf(path), createReadBuffer(4_096, SOURCES))
    let pauses = 0
    while (steps.next().done !== true) pauses += 1
    expect(pauses).toBeGreaterThanOrEqual(Math.floor(statSync(path).size / 4_096))
  })
})

describe('tasks of several agents', () => {
  it('use engines that are made once, and do not affect each other', () => {
    let made = 0
    const counting: Source = {
      ...claudeCode,
      engine(rest) {
        made += 1
        return claudeCode.engine!(rest)
      },
    }
    const buffer = createReadBuffer(CHUNK_BYTES, [counting, relay])
    const relayPath = written(content(LOG))
    const relayed = countedOf(
      parseFiles({ agent: 'relay', backend: 'wasm', files: [fileTask(relayPath)] }, buffer).batch,
    )
    expect(relayed.length).toBeGreaterThan(0)
    for (let turn = 0; turn < 5; turn += 1) {
      const own = parseFiles({ ...taskOf(written(A + B)), backend: 'wasm' }, buffer)
      expect(countedOf(own.batch)).toHaveLength(2)
      const other = parseFiles({ agent: 'relay', backend: 'wasm', files: [fileTask(relayPath)] }, buffer)
      expect(countedOf(other.batch)).toEqual(relayed)
    }
    expect(made).toBe(1)
  })

  it('throw for an unknown agent', () => {
    expect(() => parse({ ...taskOf(), agent: 'nobody' })).toThrow('no source for the agent "nobody"')
  })
})

describe('a full batch', () => {
  const COUNT = 40_000
  const short = (id: string, number: number): string =>
    `{"type":"assistant","message":{"id":"msg_${id}${number}","model":"m${number % 3}","usage":{"output_tokens":1}},"requestId":"r${number}"}`
  const task = taskOf(
    ...['a', 'b'].map((id) =>
      fileTask(written(lines(...Array.from({ length: COUNT }, (_, number) => short(id, number)))), { session: id }),
    ),
  )

  it('is passed on while reading continues, with the same result', () => {
    const batches: Batch[] = []
    // Copied, because it is valid only during the call.
    const take = (batch: Batch): void => void batches.push(structuredClone(batch))
    const { batch, outcomes } = parseFiles(task, createReadBuffer(CHUNK_BYTES, SOURCES), take)
    take(batch)
    const whole = parse(task)
    expect(Math.max(...batches.map(({ entries }) => entries.count))).toBeLessThan(COUNT)
    expect(batches.reduce((sum, { requests: links }) => sum + links.count, 0)).toBe(whole.batch.requests.count)
    expect(countedOf(...batches)).toEqual(countedOf(whole.batch))
    expect(comparable({ batch, outcomes })).toMatchObject({
      outcomes: (comparable(whole) as { outcomes: unknown }).outcomes,
    })
  })
})

describe('a long line', () => {
  it('enlarges the buffer only until the end of its file', () => {
    const long = line('msg_3/r3 o48 1/1', { message: { content: 'x'.repeat(100_000) } })
    const path = written(lines(line('msg_1/r1 o48 1/1'), long, line('msg_2/r2 o48 1/1')))
    const buffer = createReadBuffer(1_000, SOURCES)
    let largest = 0
    const steps = parseSteps(taskOf(path), buffer)
    for (;;) {
      const step = steps.next()
      largest = Math.max(largest, buffer.bytes.length)
      if (step.done !== true) continue
      expect(countedOf(step.value.batch)).toHaveLength(3)
      break
    }
    expect(largest).toBeGreaterThan(100_000)
    expect(buffer.bytes.length).toBe(1_000)
  })

  it('of more than 64 MB is skipped, and the buffer does not exceed 64 MB', () => {
    const path = join(folder, 'sparse.jsonl')
    const head = lines(line('msg_1/r1 o48 1/1'))
    const tail = `\n${UNNAMED}${line('msg_2/r2 o48 1/1')}\n`
    const length = 2 * MAX_LINE_BYTES + 12_345
    const file = openSync(path, 'w')
    writeSync(file, head)
    ftruncateSync(file, head.length + length)
    closeSync(file)

    const buffer = createReadBuffer(CHUNK_BYTES, SOURCES)
    // With another buffer, because the batch of a task is valid only until the next one.
    const torn = parseFiles(taskOf(path), createReadBuffer(CHUNK_BYTES, SOURCES))
    const done = read(torn)
    expect([done.lines, done.skipped, done.cursor.offset]).toEqual([1, {}, head.length])

    appendFileSync(path, tail)
    let largest = 0
    const steps = parseSteps(
      taskOf(fileTask(path, { from: head.length, fingerprint: read(torn).cursor.fingerprint })),
      buffer,
    )
    let step = steps.next()
    for (; step.done !== true; step = steps.next()) largest = Math.max(largest, buffer.bytes.length)
    expect(largest).toBe(MAX_LINE_BYTES)
    expect(read(step.value)).toMatchObject({
      replaced: false,
      lines: 3,
      skipped: { too_long: 1 },
      cursor: { offset: statSync(path).size },
    })

    // The line without ids is named by its offset, which must be right after the long line, too.
    const whole = parseFiles(taskOf(path), createReadBuffer(CHUNK_BYTES, SOURCES))
    expect(read(whole)).toMatchObject({ lines: 4, skipped: { too_long: 1 } })
    expect(countedOf(torn.batch, step.value.batch)).toEqual(countedOf(whole.batch))
    const { low: lo, high: hi } = new KeyHash()
      .start(6)
      .text(path)
      .number(head.length + length + 1)
      .finish()
    expect(countedOf(whole.batch).map(({ key }) => key)).toContain(`${hi}:${lo}`)
    truncateSync(path, 0)
  })
})

describe('a cursor', () => {
  const filler = lines(line('msg_0/r0 o48 1/1', { message: { content: 'x'.repeat(3_000) } }))

  function grown(before: string, after: (path: string) => void) {
    const path = written(before)
    const first = parse(taskOf(path))
    const { cursor } = read(first)
    after(path)
    const second = parse(
      taskOf(fileTask(path, { from: cursor.offset, fingerprint: cursor.fingerprint, wantsCwd: false })),
    )
    return { path, first, second }
  }

  it('resumes, and ends up equal to that of a single read', () => {
    for (const before of [A, filler, A + filler, filler + filler + A]) {
      const { path, first, second } = grown(before, (at) => appendFileSync(at, UNNAMED + B))
      const { lines: count, bytes, replaced, cursor } = read(second)
      expect({ count, bytes, replaced }).toEqual({ count: 2, bytes: UNNAMED.length + B.length, replaced: false })
      const whole = parse(taskOf(path))
      expect(cursor).toEqual(read(whole).cursor)
      expect(countedOf(first.batch, second.batch)).toEqual(countedOf(whole.batch))
    }
  })

  it.each([
    ['the first bytes of the file changed', (content: string) => `{ ${content.slice(2)}`],
    ['the last bytes of the read part changed', (content: string) => `${content.slice(0, -3)} }\n`],
    ['the file is another one', () => B + B + B + filler + filler + filler],
  ])('restarts and reports a replaced file when %s', (_, change) => {
    const before = A + filler
    const { path, second } = grown(before, (at) => writeFileSync(at, change(before) + B))
    expect(read(second)).toMatchObject({ replaced: true, bytes: statSync(path).size })
    expect(read(second).cursor).toEqual(read(parse(taskOf(path))).cursor)
  })

  it('restarts when the file is shorter than the read part', () => {
    const { second } = grown(A + B, (at) => writeFileSync(at, A))
    expect(read(second)).toMatchObject({ replaced: true, lines: 1 })
  })

  it('stays before an unterminated line, which counts once', () => {
    for (const cut of [1, 100, B.length - 1]) {
      const { first, second } = grown(A + B.slice(0, cut), (at) => appendFileSync(at, B.slice(cut)))
      expect(read(first).cursor.offset).toBe(A.length)
      expect(countedOf(first.batch)).toHaveLength(cut === B.length - 1 ? 2 : 1)
      expect(countedOf(first.batch, second.batch)).toHaveLength(2)
      expect(read(first).skipped).toEqual({})
    }
  })

  it('stays before an unterminated line without ids, which counts once', () => {
    const { first, second } = grown(A + UNNAMED.slice(0, -1), (at) => appendFileSync(at, `\n${UNNAMED}`))
    expect(countedOf(first.batch)).toHaveLength(2)
    expect(countedOf(first.batch, second.batch)).toHaveLength(3)
  })
})
