// The kinds of panels on our boards, each with one look, so that the boards read as one.
import * as common from '@grafana/grafana-foundation-sdk/common'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap'
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'

/** The data source that the reader chose. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' }

/** Sizes, by their share of a line. */
export const SIXTH = { width: 4, height: 4 }
export const QUARTER = { width: 6, height: 4 }
export const THIRD = { width: 8, height: 8 }
export const HALF = { width: 12, height: 8 }

/** Grafana would make weeks of them, and ticks of 1.43 weeks. */
export const DAYS = 'suffix:days'
export const USD = { unit: 'currencyUSD', decimals: 2 }
/** Legend of what is not told apart. */
export const ALL_OTHERS = 'all others'
/** Of what is not looked for. */
export const GREY = { id: 'color', value: { mode: 'fixed', fixedColor: '#8e8e8e' } }
/** What descriptions of amounts end with. */
export const ESTIMATE = 'List prices of the API: on a subscription an estimate, not a bill.'

export interface PanelOptions {
  readonly title: string
  /** For who points at the (i): what it shows, over what time, and what it does not. */
  readonly description: string
  /** Columns of 24. */
  readonly width: number
  /** Lines of about 30 pixels. */
  readonly height: number
  /** An id of Grafana's units. */
  readonly unit: string
  readonly decimals?: number
  /** Shown in place of nothing. */
  readonly noValue?: string
  /** Colours from a value on; the first goes for all below. Without them a panel has one calm colour. */
  readonly thresholds?: readonly (readonly [from: number | null, color: string])[]
}

export interface Query {
  readonly expr: string
  /** Default: the title of the panel, and no legend is shown. */
  readonly legend?: string
}

type AnyPanel = heatmap.PanelBuilder | stat.PanelBuilder | timeseries.PanelBuilder

/** What all kinds have in common. */
function described<P extends AnyPanel>(panel: P, options: PanelOptions): P {
  const { title, description, width, height, unit, decimals, noValue, thresholds } = options
  panel.title(title).description(description).datasource(DATASOURCE).span(width).height(height).unit(unit)
  if (decimals !== undefined) panel.decimals(decimals)
  if (noValue !== undefined) panel.noValue(noValue)
  if (thresholds !== undefined) panel.thresholds(steps(thresholds))
  return panel
}

/** Pixels. Grafana would fit each number to its panel, and the longest would be the smallest. */
const NUMBER_SIZE = 28

/** One number as of now. */
export function number(options: PanelOptions, expr: string): stat.PanelBuilder {
  return described(new stat.PanelBuilder(), { thresholds: [[null, 'text']], ...options })
    .withTarget(query({ expr }, 'A').instant())
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds))
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .text(new common.VizTextDisplayOptionsBuilder().valueSize(NUMBER_SIZE))
}

/** What an axis shows at least, by unit: that of nothing would go up to 100. */
const LEAST_AXIS: Readonly<Record<string, number>> = {
  short: 1,
  [USD.unit]: 1,
  [DAYS]: 1,
  percentunit: 0.01,
  s: 0.01,
}

/** Lines over time. */
export function lines(options: PanelOptions, ...queries: readonly Query[]): timeseries.PanelBuilder {
  const panel = described(new timeseries.PanelBuilder(), { noValue: 'nothing in this time range', ...options })
    .min(0)
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic))
    .drawStyle(common.GraphDrawStyle.Line)
    .lineWidth(2)
    .fillOpacity(8)
    .showPoints(common.VisibilityMode.Never)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(queries.some(({ legend }) => legend !== undefined)),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
  const least = LEAST_AXIS[options.unit]
  if (least !== undefined) panel.axisSoftMax(least)
  panel.overrideByName(ALL_OTHERS, [GREY])
  for (const [index, one] of queries.entries()) {
    panel.withTarget(query({ legend: options.title, ...one }, refId(index)).range())
  }
  return panel
}

/** Areas that add up to a whole. */
export function areas(options: PanelOptions, ...queries: readonly Query[]): timeseries.PanelBuilder {
  return lines(options, ...queries)
    .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal))
    .lineWidth(1)
    .fillOpacity(45)
}

/** Bars that add up to a whole, one for each interval, at whose end they stand. An interval takes in samples five minutes apart. */
export function stacks(options: PanelOptions, ...queries: readonly Query[]): timeseries.PanelBuilder {
  return areas({ noValue: 'the first bar takes ten minutes', ...options }, ...queries)
    .drawStyle(common.GraphDrawStyle.Bars)
    .barAlignment(common.BarAlignment.Before)
    .barWidthFactor(0.9)
    .lineWidth(0)
    .fillOpacity(85)
    .interval('10m')
}

/** The same of the last 30 days, whatever the time range of the board; each query has the day that begins at its time. */
export function days(options: PanelOptions, ...queries: readonly Query[]): timeseries.PanelBuilder {
  return stacks(options, ...queries)
    .barAlignment(common.BarAlignment.After)
    .barWidthFactor(0.8)
    .interval('1d')
    .timeFrom('29d/d')
    .timeShift('0d/d')
    .hideTimeOverride(true)
}

/** How often which values occurred, over time, from the buckets of a histogram. */
export function buckets(options: PanelOptions, expr: string): heatmap.PanelBuilder {
  return described(new heatmap.PanelBuilder(), options)
    .withTarget(query({ expr, legend: '{{le}}' }, 'A').range().format(prometheus.PromQueryFormat.Heatmap))
    .yAxis(new heatmap.YAxisConfigBuilder().unit(options.unit).axisPlacement(common.AxisPlacement.Left))
    .color(
      new heatmap.HeatmapColorOptionsBuilder()
        .mode(heatmap.HeatmapColorMode.Scheme)
        .scheme('Blues')
        .steps(64)
        .exponent(0.5),
    )
    .filterValues(new heatmap.FilterValueRangeBuilder().le(1e-9))
    .hideLegend()
}

export function query({ expr, legend }: Query, id: string): prometheus.DataqueryBuilder {
  const built = new prometheus.DataqueryBuilder()
    .refId(id)
    .datasource(DATASOURCE)
    .expr(expr)
    .editorMode(prometheus.QueryEditorMode.Code)
  return legend === undefined ? built : built.legendFormat(legend)
}

export function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index)
}

function steps(thresholds: NonNullable<PanelOptions['thresholds']>): dashboard.ThresholdsConfigBuilder {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(thresholds.map(([value, color]) => ({ value, color })))
}
