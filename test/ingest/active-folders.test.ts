// Watches of folders that are being written: every write is reported. Real folders; every wait is for an event.
import { appendFileSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { createActiveFolders, type ActiveFolders } from '../../src/ingest/active-folders.js'
import { temporaryFolder } from '../support/tree.js'

const folder = realpathSync(temporaryFolder())
let hot: ActiveFolders | undefined
let wake: (path: string) => void = () => undefined

afterEach(() => hot?.close())

function watching(): ActiveFolders {
  hot = createActiveFolders((path) => wake(path))
  return hot
}

/** Makes `change` and waits until the path is reported. */
async function heard(path: string, change: () => void): Promise<void> {
  const told = new Promise<void>((resolve) => {
    wake = (changed) => {
      if (changed === path) resolve()
    }
  })
  change()
  await told
}

function place(name: string): string {
  mkdirSync(join(folder, name), { recursive: true })
  return join(folder, name, 'S.jsonl')
}

it('an active folder reports every write to its files', async () => {
  const file = place('a')
  const other = join(folder, 'a', 'T.jsonl')
  writeFileSync(file, '')
  watching().touch(file)
  for (let write = 0; write < 50; write += 1) await heard(file, () => appendFileSync(file, '{}\n'))
  await heard(other, () => writeFileSync(other, ''))
})

it('an active folder that was deleted and recreated is watched again', async () => {
  const file = place('b')
  const folders = watching()
  folders.touch(file)
  await heard(join(folder, 'b', 'b'), () => rmSync(join(folder, 'b'), { recursive: true }))
  place('b')
  folders.touch(file)
  await heard(file, () => writeFileSync(file, '{}\n'))
})

it('active folders ignore a missing folder, and report nothing once closed', async () => {
  const folders = watching()
  folders.touch(join(folder, 'none', 'S.jsonl'))
  const file = place('c')
  folders.touch(file)
  folders.close()
  wake = (path) => expect.unreachable(path)
  writeFileSync(file, '{}\n')
  // A second watcher gets the event, so the closed one would have got it, too.
  const second = createActiveFolders((path) => told(path))
  const { promise, told } = waiting()
  second.touch(file)
  appendFileSync(file, '{}\n')
  expect(await promise).toBe(file)
  second.close()
})

it('the oldest active folders are dropped when there are more than fit', async () => {
  const files = Array.from({ length: 70 }, (_, number) => place(`many-${number}`))
  const folders = watching()
  for (const file of files) folders.touch(file)
  const paths: string[] = []
  wake = (path) => paths.push(path)
  writeFileSync(files[0]!, '')
  await heard(files.at(-1)!, () => writeFileSync(files.at(-1)!, ''))
  expect(paths).toEqual([])
})

function waiting(): { readonly promise: Promise<string>; readonly told: (path: string) => void } {
  let told: (path: string) => void = () => undefined
  const promise = new Promise<string>((resolve) => (told = resolve))
  return { promise, told: (path) => told(path) }
}
