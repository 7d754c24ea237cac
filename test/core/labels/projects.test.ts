// Project labels made from working directories (claude-code-logs 1.3).
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalPath } from '../../../src/core/labels/folders.js'
import { isLabel } from '../../../src/core/labels/label.js'
import { ProjectLabels } from '../../../src/core/labels/projects.js'

describe('project labels', () => {
  const labelled = (known: Readonly<Record<string, string>>): ProjectLabels => {
    const labels = new ProjectLabels()
    for (const [path, label] of Object.entries(known)) labels.add(path, label)
    return labels
  }
  const label = (paths: readonly string[], known: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(labelled(known).label(paths))

  it.each<[string, string[], Record<string, string>]>([
    ['are the last component of the path', ['/w/app', '/w/lib'], { '/w/app': 'app', '/w/lib': 'lib' }],
    [
      'include a parent where two paths share the last component',
      ['/w/app', '/v/app'],
      { '/w/app': 'w/app', '/v/app': 'v/app' },
    ],
    [
      'include as many parents as needed',
      ['/a/w/app', '/b/w/app', '/c/app'],
      { '/a/w/app': 'a/w/app', '/b/w/app': 'b/w/app', '/c/app': 'c/app' },
    ],
    ['are never the whole path', ['/app', '/w/app'], { '/app': 'app', '/w/app': 'w/app' }],
    ['are a slug unchanged', ['-w-app', '/w/app'], { '-w-app': '-w-app', '/w/app': 'app' }],
    ['are / for the root', ['/'], { '/': '/' }],
    ['are the drive for a drive', ['C:'], { 'C:': 'C:' }],
    ['are numbered where only drives differ', ['C:/app', 'D:/app'], { 'C:/app': 'app', 'D:/app': 'app (2)' }],
    [
      'are numbered where only servers differ',
      ['//one/share/app', '//two/share/app'],
      { '//one/share/app': 'app', '//two/share/app': 'app (2)' },
    ],
    [
      'are numbered where only homes differ, without the names of their owners',
      ['/home/ann/code/till', '/Users/ann/code/till', 'C:/Users/bob/code/till', '/var/home/eve/code/till'],
      {
        '/Users/ann/code/till': 'till',
        '/home/ann/code/till': 'till (2)',
        '/var/home/eve/code/till': 'till (3)',
        'C:/Users/bob/code/till': 'till (4)',
      },
    ],
    [
      'include only parents below the home',
      ['/home/ann/code/till', '/Users/ann/code/till', '/home/ann/old/till', '/home/ann/till'],
      {
        '/Users/ann/code/till': 'code/till',
        '/home/ann/code/till': 'code/till (2)',
        '/home/ann/old/till': 'old/till',
        '/home/ann/till': 'till',
      },
    ],
    [
      'are ~ for a home itself',
      ['/home/ann', '/home', 'C:/Users/ann'],
      { '/home/ann': '~', '/home': 'home', 'C:/Users/ann': '~ (2)' },
    ],
    [
      'replace characters that cannot be shown',
      ['/w/a\0b', '/w/ d ', '/w/e\u0301'],
      { '/w/a\0b': 'a\ufffdb', '/w/ d ': 'd', '/w/e\u0301': '\u00e9' },
    ],
    [
      'are numbered where they look alike after the replacement',
      ['/w/\ud800', '/w/\udfff', '/v/\udfff'],
      { '/v/\udfff': 'v/\ufffd', '/w/\ud800': 'w/\ufffd', '/w/\udfff': 'w/\ufffd (2)' },
    ],
    ['keep paths distinct that share a slug', ['/w/a_b', '/w/a-b'], { '/w/a_b': 'a_b', '/w/a-b': 'a-b' }],
  ])('%s', (_, paths, labels) => {
    expect(label(paths)).toEqual(labels)
    expect(label([...paths].reverse())).toEqual(labels)
    expect(label([...paths, ...paths])).toEqual(labels)
  })

  it('never change once given; only a new label gets longer', () => {
    expect(label(['/v/app', '/w/app'], { '/w/app': 'app' })).toEqual({ '/v/app': 'v/app' })
  })

  it('are numbered where the whole path is in use as a label', () => {
    expect(label(['app'], { '/w/app': 'app' })).toEqual({ app: 'app (2)' })
    expect(label(['app'], { '/w/app': 'app', '/w/x': 'app (2)' })).toEqual({ app: 'app (3)' })
  })

  it.each<[string, string[], Record<string, string>]>([
    [
      'Windows, WSL and Git Bash',
      [
        'C:/Users/ann/src/till',
        '/mnt/c/Users/ann/src/till',
        '/c/Users/ann/src/till',
        '/cygdrive/c/Users/ann/src/till',
        '/home/ann/shop',
        '//wsl.localhost/Ubuntu/home/ann/shop',
      ],
      {
        'C:/Users/ann/src/till': 'till',
        '/mnt/c/Users/ann/src/till': 'till',
        '/c/Users/ann/src/till': 'till',
        '/cygdrive/c/Users/ann/src/till': 'till',
        '/home/ann/shop': 'shop',
        '//wsl.localhost/Ubuntu/home/ann/shop': 'shop',
      },
    ],
    [
      'Windows, where case is ignored',
      ['D:/docu2', 'D:/Docu2', 'C:/Users/Ann/Code/Till', 'C:/users/ann/code/Till', '//SRV/Share/x', '//srv/share/X'],
      {
        'D:/docu2': 'Docu2',
        'D:/Docu2': 'Docu2',
        'C:/Users/Ann/Code/Till': 'Till',
        'C:/users/ann/code/Till': 'Till',
        '//SRV/Share/x': 'x',
        '//srv/share/X': 'x',
      },
    ],
    [
      'Linux, where case counts',
      ['/w/app', '/w/App', '/mnt/c/x', '/mnt/c/X'],
      { '/w/app': 'app', '/w/App': 'App', '/mnt/c/x': 'x', '/mnt/c/X': 'X' },
    ],
    ['two forms of one character', ['/w/\u00e9', '/w/e\u0301'], { '/w/\u00e9': '\u00e9', '/w/e\u0301': '\u00e9' }],
  ])('are the same for all spellings of a folder: %s', (_, paths, labels) => {
    expect(label(paths)).toEqual(labels)
    expect(label([...paths].reverse())).toEqual(labels)
    // Labelled one by one, in any order: never more labels than folders.
    const folders = new Set(Object.values(labels)).size
    for (const order of [paths, [...paths].reverse()]) {
      const known = new ProjectLabels()
      for (const path of order) known.label([path])
      expect(new Set(paths.map((path) => known.get(path))).size).toBe(folders)
    }
  })

  it('are kept for a folder that is known in another spelling', () => {
    expect(label(['C:/w/app', '/c/w/app'], { '/mnt/c/w/App': 'old name' })).toEqual({
      'C:/w/app': 'old name',
      '/c/w/app': 'old name',
    })
    expect(label(['/home/ann/x'], { '//wsl$/Debian/home/ann/x': 'Debian/home/ann/x' })).toEqual({
      '/home/ann/x': 'Debian/home/ann/x',
    })
  })

  it('are valid and distinct as bytes for any paths', () => {
    const units = fc.constantFrom(
      '/',
      '\\',
      'a',
      'é',
      'e\u0301',
      '\ud800',
      '\udfff',
      '\0',
      '\x7f',
      '\u0085',
      ' ',
      '🕸',
      'C:',
      '~',
      'home',
      ' (2)',
    )
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(units, { maxLength: 8 }).map((parts) => parts.join('')),
      fc.constant('x'.repeat(300)),
    )
    fc.assert(
      fc.property(
        fc.array(
          fc.array(name, { maxLength: 3 }).map((parts) => parts.join('/')),
          { maxLength: 8 },
        ),
        fc.nat(8),
        (paths, cut) => {
          const labels = new ProjectLabels()
          labels.label(paths.slice(0, cut))
          labels.label(paths)
          const all = paths.map((path) => labels.get(path)!)
          for (const each of all) expect([isLabel(each), each]).toEqual([true, each])
          const projects = new Set(all)
          expect(new Set([...projects].map((each) => Buffer.from(each).toString('hex'))).size).toBe(projects.size)
        },
      ),
      { numRuns: 3_000 },
    )
  })

  it('keep long names distinct', () => {
    const long = 'x'.repeat(250)
    const labels = label([`/w/${long}1`, `/w/${long}2`, `/w/${long}/app`, `/w/${long}/lib`])
    expect(new Set(Object.values(labels)).size).toBe(4)
    expect(labels[`/w/${long}1`]).toMatch(/^x{183}…[0-9a-f]{16}$/)
    expect(labels).toEqual({ ...labels, ...label([`/w/${long}2`]) })
    expect([labels[`/w/${long}/app`], labels[`/w/${long}/lib`]]).toEqual(['app', 'lib'])
  })

  it('are made for paths of 60,000 parts, and for 1,000 paths that differ only above what a label can show', () => {
    expect(Object.values(label([normalPath('/a'.repeat(60_000)), normalPath(`/b${'/a'.repeat(60_000)}/c`)]))).toEqual([
      'a',
      'c',
    ])
    const deep = Array.from(
      { length: 1_000 },
      (_, number) => `/${String(number).padStart(3, '0')}${'/a'.repeat(2_000)}`,
    )
    const labels = label(deep)
    expect([labels[deep[0]!], labels[deep[1]!], labels[deep[999]!]]).toEqual(['a', 'a (2)', 'a (1000)'])
  })

  it('are never shared by two paths', () => {
    const paths = fc.array(fc.stringMatching(/^(\/[ab]){1,3}$|^\/$|^[ab]$/), { maxLength: 6 })
    fc.assert(
      fc.property(paths, paths, (first, second) => {
        const labels = new ProjectLabels()
        const all = new Map([...labels.label(first), ...labels.label(second)])
        expect(new Set(all.values()).size).toBe(all.size)
        expect([...all.keys()].sort()).toEqual([...new Set([...first, ...second])].sort())
      }),
      { numRuns: 2_000 },
    )
  })
})
