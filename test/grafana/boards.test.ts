// The dashboards: their JSON is what the code generates, panels do not overlap, and everything is described and used.
import { describe, expect, it } from 'vitest'
import { boards, printed } from '../../grafana/dashboards/index.js'
import { USAGE } from '../../src/metrics/catalogue.js'
import { boardNames, boardText, panelsOf, readBoard, type Panel } from './boards.js'
import { expressions, rulesOf, type Rule } from './expressions.js'
import { named } from './promql.js'

it('every generated board is known to the tests', () => {
  expect(Object.keys(boards)).toEqual([...boardNames])
})

describe.each(boardNames)('board %s', (name) => {
  const board = readBoard(name)
  const panels = panelsOf(board)
  const shown = panels.filter(({ type }) => type !== 'row')
  const queries = panels.flatMap(({ targets = [] }) => targets)

  it('is what `npm run dashboards` writes', () => {
    expect(boardText(name)).toBe(printed(boards[name]))
  })

  it('has a title, a fixed uid, a schema version, and links to the other boards and the runbooks', () => {
    expect(board.title).toMatch(/^Agent usage \/ /)
    expect(board.uid).toBe(`agent-usage-${name}`)
    expect(board.schemaVersion).toBeGreaterThanOrEqual(39)
    expect(board.tags).toEqual(['agent-usage'])
    expect(board.links).toMatchObject([
      { type: 'dashboards', tags: ['agent-usage'], includeVars: true, keepTime: true },
      { type: 'link', url: '${runbooks}' },
    ])
  })

  it('takes the address of the runbooks from the same rule as the alerts', () => {
    const [{ record, labels }] = rulesOf('links') as [Rule]
    expect(board.templating.list.find(({ name: variable }) => variable === 'runbooks')).toMatchObject({
      hide: 2,
      query: `label_values(${record!}, runbooks)`,
    })
    expect(labels!['runbooks']).toMatch(/^https?:.*runbooks[.]md$/)
  })

  it('links table rows to a board that has every variable in the link', () => {
    const tables = shown.filter(({ type, title }) => type === 'table' && title !== 'Budgets')
    expect(tables).not.toEqual([])
    for (const { title, fieldConfig, transformations } of tables) {
      const names = transformations!.find(({ id }) => id === 'organize')!.options.renameByName!
      const labels = Object.entries(names).filter(([field]) => !field.startsWith('Value'))
      for (const [, column] of labels) {
        const overrides = fieldConfig!.overrides.filter(({ matcher }) => matcher.options === column)
        const links = overrides.flatMap(({ properties }) => properties).find(({ id }) => id === 'links')
        const [{ url }] = links!.value as [{ url: string }]
        const [, target, query] = /^[/]d[/]agent-usage-(\w+)[?](.+)$/.exec(url)!
        const [range, ...parameters] = query!.split('&')
        const [, variable, source] = /^var-(\w+)=[$][{]__data[.]fields\["(.+)"\]:percentencode[}]$/.exec(
          parameters.pop()!,
        )!
        expect(range).toBe('${__url_time_range}')
        expect(labels, title).toContainEqual([variable, source])
        const kept = parameters.map((parameter) => /^[$][{](\w+):queryparam[}]$/.exec(parameter)![1]!)
        const taken = readBoard(target as typeof name).templating.list.map(({ name: one }) => one)
        const here = board.templating.list.map(({ name: one }) => one)
        expect(kept).not.toContain(variable)
        expect(taken, title).toEqual(expect.arrayContaining([...kept, variable]))
        expect(here, title).toEqual(expect.arrayContaining(kept))
      }
    }
  })

  it('has unique ids', () => {
    const ids = panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every((id) => Number.isInteger(id) && id > 0)).toBe(true)
  })

  it('fills 24 columns without overlaps', () => {
    expectGrid(board.panels)
    for (const row of board.panels) if (row.collapsed === true) expectGrid(row.panels!)
  })

  it('gives every panel a title, a description and a unit', () => {
    for (const { title, description, fieldConfig, type } of shown) {
      expect(title).toMatch(/^[A-Z]/)
      expect(description, title).toMatch(/^[A-Z].{20,}[.]$/)
      if (type !== 'table') expect(fieldConfig?.defaults.unit, title).toBeTruthy()
    }
    const titles = shown.map(({ title, type }) => `${type} ${title}`)
    expect(new Set(titles).size).toBe(titles.length)
  })

  it('shows a text in panels without a value', () => {
    for (const { type, title, fieldConfig } of shown) {
      if (['stat', 'bargauge', 'table'].includes(type)) expect(fieldConfig?.defaults.noValue, title).toBeTruthy()
    }
  })

  it('queries the selected data source and machines, and names no job or instance', () => {
    for (const { datasource } of [...queries, ...shown, ...board.annotations.list])
      expect(datasource?.uid).toBe('${datasource}')
    for (const { expr } of queries) {
      expect(expr).not.toMatch(/job\s*=/)
      expect(expr).not.toMatch(/instance\s*=[^~]|instance=~"[^$]/)
      expect(expr).toContain('instance=~"$instance"')
    }
  })

  it('uses every variable; those of label values allow All and several values', () => {
    const [source, ...chosen] = board.templating.list.filter(({ type, hide }) => type !== 'adhoc' && hide !== 2)
    const choices = chosen.filter(({ type }) => type !== 'custom')
    const words = chosen.filter(({ type }) => type === 'custom').map(({ name: variable }) => `$${variable}`)
    expect(source).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' })
    for (const { name: variable, multi, includeAll } of choices) {
      expect({ variable, multi, includeAll }).toEqual({ variable, multi: true, includeAll: true })
      expect(
        queries.some(({ expr }) => expr.includes(`=~"$${variable}"`)),
        variable,
      ).toBe(true)
    }
    const used = new Set(queries.flatMap(({ expr }) => expr.match(/\$\w+/g) ?? []))
    const own = new Set([...choices.map(({ name: variable }) => `$${variable}`), '$__rate_interval', '$__range', '$1'])
    expect([...used].filter((variable) => !own.has(variable))).toEqual(words)
  })

  it('filters every metric by the selected agents and projects if it has these labels', () => {
    const labelsOf = new Map<string, readonly string[]>(
      Object.values(USAGE).map(({ name: metric, labels }) => [metric, labels]),
    )
    const choices = board.templating.list.map(({ name: variable }) => variable).filter((one) => one !== 'model')
    const own = expressions().filter(({ place, kind }) => kind === 'panel' && place.startsWith(`${name}.json`))
    expect(own.length).toBeGreaterThanOrEqual(queries.length)
    for (const { expr } of own) {
      for (const { metric, labels } of named(expr).selectors) {
        const chosen = (labelsOf.get(metric) ?? []).filter((label) => choices.includes(label))
        expect(labels, `${metric} in ${expr}`).toEqual(expect.arrayContaining(chosen))
      }
    }
  })

  it('can be filtered by any other label of the scrape', () => {
    const filters = board.templating.list.filter(({ type }) => type === 'adhoc')
    expect(filters).toMatchObject([{ label: 'Machines with', datasource: { uid: '${datasource}' } }])
  })

  it('shows firing alerts as annotations', () => {
    expect(board.annotations.list.map(({ expr }) => expr)).toEqual([
      expect.stringMatching(/ALERTS\{.*alertstate="firing"/),
    ])
  })
})

/** Expects panels to fill the full width without gaps and overlaps. */
function expectGrid(panels: readonly Panel[]): void {
  const cells = new Set<string>()
  for (const {
    gridPos: { x, y, w, h },
    title,
  } of panels) {
    expect(x + w, title).toBeLessThanOrEqual(24)
    for (let column = x; column < x + w; column += 1) {
      for (let line = y; line < y + h; line += 1) {
        expect(cells.has(`${column} ${line}`), `${title} overlaps`).toBe(false)
        cells.add(`${column} ${line}`)
      }
    }
  }
  const from = Math.min(...panels.map(({ gridPos }) => gridPos.y))
  const to = Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h))
  expect(cells.size).toBe(24 * (to - from))
}
