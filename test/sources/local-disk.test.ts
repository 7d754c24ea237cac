// Paths that a log names are looked up only on local disks. The tests record every call to the disk.
import { execFileSync } from 'node:child_process'
import { ftruncateSync, mkdirSync, openSync, closeSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { localDirectories, localDisk, mountsOf, type Disk } from '../../src/sources/local-disk.js'
import { projectOfDirectory } from '../../src/sources/git-worktree.js'
import { temporaryFolder } from '../support/tree.js'

const folder = temporaryFolder()

const MOUNTINFO = String.raw`22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
30 27 0:40 / /home rw shared:2 master:1 - btrfs /dev/vdb rw
31 27 0:41 / /net rw - autofs auto.net rw,fd=7,indirect
32 27 0:42 / /home/ann/nas rw - nfs4 server:/export rw
33 27 0:43 / /afs rw - afs #root rw
34 27 0:44 / /srv/with\040space rw - cifs //server/share rw
35 27 0:45 / /mnt/c rw - 9p C:\134 rw,aname=drvfs;path=C:\;uid=1000
36 27 0:46 / /mnt/z rw - 9p drvfs rw,aname=drvfs;path=UNC\server\share
37 27 0:47 / /home/ann/phone rw - fuse.sshfs phone:/ rw
`

/** A disk on which every path is a directory, and the paths that were looked up. */
function recorded(
  mounts: ReturnType<Disk['mounts']>,
  devices: Readonly<Record<string, number>> = {},
): { readonly disk: Disk; readonly asked: string[] } {
  const asked: string[] = []
  const disk: Disk = {
    entry(path) {
      asked.push(path)
      return path.endsWith('/.git') ? undefined : { kind: 'directory', device: devices[path] ?? 1 }
    },
    start(path) {
      asked.push(path)
      return ''
    },
    mounts: () => mounts,
    home: '/home/ann',
  }
  return { disk, asked }
}

describe('with a list of mounts', () => {
  it.each([
    ['/net/evil.example/x', '/'],
    ['/afs/example.org/user', '/'],
    ['/home/ann/nas/app/src', '/home/ann'],
    ['/home/ann/phone/app', '/home/ann'],
    ['/srv/with space/app', '/srv'],
    ['/proc/1/cwd', '/'],
    ['/mnt/z/app', '/mnt'],
    ['/mnt/c/Users/ann', '/mnt/c/Users/ann'],
    ['/home/ann/app', '/home/ann/app'],
    ['/data/app/../../net/evil.example', '/data/app'],
  ])('looks up %s no further than %s', (path, last) => {
    const { disk, asked } = recorded(mountsOf(MOUNTINFO))
    expect(localDirectories(path, disk).at(-1)).toBe(last)
    projectOfDirectory(path, disk)
    for (const each of asked)
      expect(each.replace(/\/?\.git$/, '') || '/').toSatisfy(
        (looked: string) => last === looked || last.startsWith(looked === '/' ? looked : `${looked}/`),
      )
  })

  it.each([
    '//server/share/app',
    '\\\\server\\share',
    '\\\\?\\UNC\\server\\share\\x',
    'relative/app',
    'C:\\Users\\ann',
  ])('does not look up %s', (path) => {
    const { disk, asked } = recorded(mountsOf(MOUNTINFO))
    projectOfDirectory(path, disk)
    expect(asked).toEqual([])
  })

  it('looks up at most 64 levels of a path', () => {
    const { disk, asked } = recorded(mountsOf(MOUNTINFO))
    projectOfDirectory('/x'.repeat(2_000), disk)
    expect(asked.length).toBe(2 * 64)
  })
})

describe('without a list of mounts', () => {
  it.each([
    ['/net/evil.example/x', []],
    ['/Volumes/server/app', []],
    ['/home/bob/app', ['/home']],
    ['/home/ann/app/src', ['/home', '/home/ann', '/home/ann/app', '/home/ann/app/src']],
    // nas is on another device.
    ['/home/ann/nas/app', ['/home', '/home/ann']],
  ])('%s: looks up only directories on the device of the home or its parents', (path, below) => {
    const { disk } = recorded(undefined, { '/home/ann/nas': 2, '/home/ann/nas/app': 2 })
    expect(localDirectories(path, disk)).toEqual(['/', ...below])
  })
})

describe('a .git pointer', () => {
  const pointer = (name: string, target: string): string => {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, '.git'), `gitdir: ${target}\n`)
    return join(folder, name)
  }

  it('to a network path gives the project without a lookup on the network', () => {
    const asked: string[] = []
    const disk: Disk = {
      ...localDisk,
      entry: (path) => (asked.push(path), localDisk.entry(path)),
      start: (path, bytes) => (asked.push(path), localDisk.start(path, bytes)),
    }
    const mounts = new Map([...(localDisk.mounts() ?? []), ['/', 'ext4'], ['/net', 'autofs']])
    expect(
      projectOfDirectory(pointer('evil', '/net/evil.example/app/.git/worktrees/x'), { ...disk, mounts: () => mounts }),
    ).toBe('/net/evil.example/app')
    expect(asked.filter((path) => path.startsWith('/net'))).toEqual([])
  })

  it('is read up to 4 kB', () => {
    const directory = pointer('huge', '/w/app/.git/worktrees/x')
    const descriptor = openSync(join(directory, '.git'), 'r+')
    ftruncateSync(descriptor, 1_500_000_000)
    closeSync(descriptor)
    const read: number[] = []
    expect(
      projectOfDirectory(directory, {
        ...localDisk,
        start: (path, bytes) => (read.push(bytes), localDisk.start(path, bytes)),
      }),
    ).toBe('/w/app')
    expect(Math.max(...read)).toBe(4096)
    expect(localDisk.start(join(directory, '.git'), 4096).length).toBe(4096)
  })

  it('is not read if it is a pipe, a device or a link', () => {
    for (const name of ['pipe', 'device', 'link']) mkdirSync(join(folder, name))
    execFileSync('mkfifo', [join(folder, 'pipe/.git')])
    symlinkSync('/dev/zero', join(folder, 'device/.git'))
    symlinkSync(join(pointer('real', '/w/app/.git/worktrees/x'), '.git'), join(folder, 'link/.git'))
    for (const name of ['pipe', 'device', 'link']) {
      expect(projectOfDirectory(join(folder, name))).toBe(join(folder, name))
      expect(localDisk.start(join(folder, name, '.git'), 4096)).toBe('')
    }
  })
})
