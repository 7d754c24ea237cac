// Acceptance case 41 (claude-code-logs 8): a line of 50 MB that holds no usage must not be turned into a string.
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { line, lines, toolResult } from '../support/line.js'
import { once } from '../support/program.js'
import { comparable, shown } from '../support/shown.js'
import { plant, temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()

it('case 41: a usage line after a tool result of 50 MB counts, in bounded memory', async () => {
  const content = lines(toolResult('toolu_41', { stdout: 'x'.repeat(50e6) }), line('msg_41/r41 o48 10/160/0/0/1000'))
  const configDir = plant(join(folder, 'config'), { '-w-app/A.jsonl': content })
  // Decoding the line would exceed this heap and end the program. Its buffers lie outside the heap.
  const found = shown(await once([configDir], { nodeFlags: ['--max-old-space-size=64'] }))
  expect(comparable(found.perModel)).toEqual({ 'claude-opus-4-8': '1; 10/160/0/0/1000; 0.00455; 0 searches' })
})
