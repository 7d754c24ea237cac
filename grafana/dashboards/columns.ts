// A table: one query a column, joined by a label, the largest first.
import * as common from '@grafana/grafana-foundation-sdk/common'
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import * as table from '@grafana/grafana-foundation-sdk/table'
import { DATASOURCE, query, refId, type PanelOptions } from './panels.js'

/** Labels that tell machines apart, with their titles; only `instance` is always there. A column that no row has is not shown. */
export const MACHINE = { host_name: 'Host', instance: 'Machine', user: 'User', team: 'Team' } as const

export interface Column {
  readonly title: string
  readonly expr: string
  /** An id of Grafana's units. */
  readonly unit: string
  readonly decimals?: number
  /** Pixels; without it the column takes its share of what is left. */
  readonly width?: number
  /** A bar behind the number, as long as its share of the largest; with thresholds, of 1. */
  readonly bar?: boolean
  /** Colours from a value on. */
  readonly thresholds?: PanelOptions['thresholds']
  /** 1 and 0 in words, the good and the bad one. */
  readonly yesNo?: boolean
}

export interface TableOptions extends Omit<PanelOptions, 'unit' | 'decimals' | 'thresholds'> {
  /** Labels that make a row, with their titles. */
  readonly by: Readonly<Record<string, string>>
  /** Pixels of labels; the others take their share of what is left. */
  readonly labelWidths?: Readonly<Record<string, number>>
  /** Rows at most. */
  readonly rows: number
  /** Where the labels of a row lead to. */
  readonly link?: { readonly title: string; readonly url: string }
}

/** The rows are sorted by the first column that has a bar. */
export function columns(options: TableOptions, ...all: readonly Column[]): table.PanelBuilder {
  const { title, description, width, height, noValue, by, labelWidths = {}, rows, link } = options
  const largest = all.find(({ bar }) => bar === true) ?? all[0]!
  const panel = new table.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .span(width)
    .height(height)
    .cellHeight(common.TableCellHeight.Sm)
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: organized(by, all) })
    .withTransformation({ id: 'sortBy', options: { sort: [{ field: largest.title, desc: true }] } })
    .withTransformation({ id: 'limit', options: { limitField: rows } })
  if (noValue !== undefined) panel.noValue(noValue)
  for (const [label, pixels] of Object.entries(labelWidths))
    panel.overrideByName(by[label]!, [{ id: 'custom.width', value: pixels }])
  if (link !== undefined) {
    for (const name of Object.values(by)) panel.overrideByName(name, [{ id: 'links', value: [link] }])
  }
  for (const [index, { expr, ...column }] of all.entries()) {
    panel.withTarget(query({ expr }, refId(index)).instant().format(prometheus.PromQueryFormat.Table))
    panel.overrideByName(column.title, [...looks(column)])
  }
  return panel
}

function looks({
  unit,
  decimals,
  width,
  bar,
  thresholds,
  yesNo,
}: Omit<Column, 'expr'>): readonly dashboard.DynamicConfigValue[] {
  const of = (id: string, value: unknown): dashboard.DynamicConfigValue[] =>
    value === undefined ? [] : [{ id, value }]
  return [
    ...of('unit', unit),
    ...of('decimals', decimals),
    ...of('custom.width', width),
    // Of a row that has no such value.
    ...of('noValue', '–'),
    ...of('custom.cellOptions', bar === true ? GAUGE : (thresholds ?? yesNo) && { type: 'color-text' }),
    ...of('mappings', yesNo && YES_NO),
    ...of('min', bar === true ? 0 : undefined),
    ...of('max', bar === true && thresholds !== undefined ? 1 : undefined),
    ...of(
      'thresholds',
      thresholds && { mode: 'absolute', steps: thresholds.map(([value, color]) => ({ value, color })) },
    ),
    ...of(
      'color',
      thresholds ? { mode: 'thresholds' } : bar === true ? { mode: 'fixed', fixedColor: 'blue' } : undefined,
    ),
  ]
}

const YES_NO = [
  {
    type: 'value',
    options: { '1': { text: 'yes', color: 'green', index: 0 }, '0': { text: 'no', color: 'red', index: 1 } },
  },
]

const GAUGE = { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' }

/** Names and order of the columns; the time of the query is none. */
function organized(by: TableOptions['by'], all: readonly Column[]): object {
  const labels = Object.entries(by)
  const values = all.map(({ title }, index) => [`Value #${refId(index)}`, title] as const)
  const names = [...labels, ...values]
  return {
    excludeByName: { Time: true },
    indexByName: Object.fromEntries(names.map(([field], index) => [field, index])),
    renameByName: Object.fromEntries(names),
  }
}
