// What a panel shows: its queries, asked as Grafana asks Prometheus, its transformations, and the options of each field.
import { FieldType, getDisplayProcessor, toDataFrame, transformDataFrame } from '@grafana/data'
import { lastValueFrom, take } from 'rxjs'

const DAY = 86_400
const STEPS = [15, 20, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200]
const UNITS = { s: 1, m: 60, h: 3_600, d: DAY }

/** Seconds. The panels of days have a time range of their own; no other way to set one is in use. */
export function rangeOf(panel, world) {
  if (panel.timeFrom === undefined) return { start: world.end - world.range, end: world.end }
  if (panel.timeFrom !== '29d/d' || panel.timeShift !== '0d/d') throw new Error(`unknown range: ${panel.timeFrom}`)
  const today = Math.floor(world.end / DAY) * DAY
  return { start: today - 29 * DAY, end: today + DAY - 1 }
}

/** @param width pixels, as many points as a graph asks for */
export async function framesOf(panel, world, theme, width) {
  const { start, end } = rangeOf(panel, world)
  const interval = panel.interval ? Number.parseInt(panel.interval, 10) * UNITS[panel.interval.at(-1)] : 0
  const step = Math.max(STEPS.find((one) => one >= (end - start) / width) ?? DAY, interval, world.scrape)
  const lasting = Math.round(end - start)
  const text = (expr) =>
    expr
      .replaceAll('$__rate_interval', `${Math.max(4 * world.scrape, step + world.scrape)}s`)
      .replaceAll('$__range', `${lasting}s`)
      .replaceAll('$by', world.by)
      .replace(/\$(instance|agent|project|model)/g, '.*')
  const answers = await Promise.all(
    (panel.targets ?? []).map(async (target) => {
      const query = text(target.expr)
      if (target.instant) return { target, series: await ask('query', { query, time: end }) }
      const from = Math.floor(start / step) * step
      const times = Array.from({ length: Math.floor((end - from) / step) + 1 }, (_, n) => from + n * step)
      const series = await ask('query_range', { query, start: from, end: times.at(-1), step })
      return { target, series, times, step }
    }),
  )
  let frames = answers.flatMap((answer) =>
    answer.target.format === 'table' ? [tableOf(answer, panel.targets.length > 1)] : seriesOf(answer),
  )
  if (panel.transformations?.length > 0)
    frames = await lastValueFrom(transformDataFrame(panel.transformations, frames).pipe(take(1)))
  configure(panel, frames, theme)
  return frames
}

async function ask(path, parameters) {
  const answer = await (
    await fetch(`/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(parameters) })
  ).json()
  if (answer.status !== 'success') throw new Error(answer.error)
  return answer.data.result
}

const numberOf = (text) => (Number.isNaN(Number(text)) ? null : Number(text))

function tableOf({ target, series }, several) {
  const labels = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].sort()
  const columns = labels.map((name) => ({
    name,
    type: FieldType.string,
    values: series.map(({ metric }) => metric[name]),
  }))
  const time = { name: 'Time', type: FieldType.time, values: series.map(({ value }) => value[0] * 1_000) }
  const values = series.map(({ value }) => numberOf(value[1]))
  const name = several ? `Value #${target.refId}` : 'Value'
  return toDataFrame({ refId: target.refId, fields: [time, ...columns, { name, type: FieldType.number, values }] })
}

function seriesOf({ target, series, times, step = 0 }) {
  return series.map(({ metric, value, values = [value] }) => {
    const known = new Map(values.map(([at, text]) => [at, numberOf(text)]))
    const at = times ?? [...known.keys()]
    const displayNameFromDS = target.legendFormat?.replace(/\{\{(\w+)\}\}/g, (_, label) => metric[label] ?? label)
    const config = displayNameFromDS === undefined ? {} : { displayNameFromDS }
    return toDataFrame({
      refId: target.refId,
      fields: [
        { name: 'Time', type: FieldType.time, config: { interval: step * 1_000 }, values: at.map((s) => s * 1_000) },
        { name: 'Value', type: FieldType.number, labels: metric, config, values: at.map((s) => known.get(s) ?? null) },
      ],
    })
  })
}

/** Defaults of the panel, then its overrides: by name, as all of ours are. */
function configure(panel, frames, theme) {
  const { defaults = {}, overrides = [] } = panel.fieldConfig ?? {}
  let numbers = 0
  for (const field of frames.flatMap(({ fields }) => fields)) {
    const plain = field.type === FieldType.time && panel.type !== 'table'
    const { displayNameFromDS } = field.config
    const name = field.config.displayName ?? displayNameFromDS ?? field.name
    const config = plain ? { ...field.config } : { ...structuredClone(defaults), custom: { ...defaults.custom } }
    if (displayNameFromDS !== undefined) config.displayNameFromDS = displayNameFromDS
    for (const { matcher, properties } of plain ? [] : overrides) {
      if (matcher.id !== 'byName') throw new Error(`unknown matcher: ${matcher.id}`)
      if (matcher.options === name) for (const { id, value } of properties) set(config, id.split('.'), value)
    }
    if (config.thresholds)
      config.thresholds.steps = config.thresholds.steps.map((one) => ({ ...one, value: one.value ?? -Infinity }))
    const finite = field.type === FieldType.number ? field.values.filter(Number.isFinite) : []
    if (panel.type === 'table' && config.min === 0) config.max ??= Math.max(0, ...finite)
    field.config = config
    field.state = { seriesIndex: field.type === FieldType.number ? numbers++ : 0, displayName: name }
    field.display = getDisplayProcessor({ field, theme, timeZone: 'utc' })
    if (config.min !== undefined || config.max !== undefined)
      field.state.range = { min: config.min, max: config.max, delta: (config.max ?? 1) - (config.min ?? 0) }
  }
}

function set(config, [key, ...rest], value) {
  if (rest.length === 0) config[key] = structuredClone(value)
  else set((config[key] ??= {}), rest, value)
}
