// A board as Grafana shows it: panels, tables, graphs, colours and units are Grafana's own components. The frame around them is ours,
// and so is the heat map, of which there is no component. When all of it is drawn, the page says so.
import {
  EventBusSrv,
  FieldType,
  ThemeContext,
  createTheme,
  dateTime,
  standardTransformers,
  standardTransformersRegistry,
} from '@grafana/data'
import { BigValue, GlobalStyles, PanelChrome, PanelContextRoot, TimeSeries } from '@grafana/ui'
import { TableNG } from '@grafana/ui/unstable'
import { useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { empty, faults } from './faults.js'
import { framesOf, rangeOf } from './frames.js'

Object.assign(window, { empty, faults })

const asked = Object.fromEntries(new URLSearchParams(location.search))
const { board, theme: mode, by, name: worldName } = asked
const world = { end: Number(asked.end), range: Number(asked.range), scrape: Number(asked.scrape), by }
const theme = createTheme({ colors: { mode } })
const secondary = theme.colors.text.secondary
standardTransformersRegistry.setInit(() =>
  ['merge', 'organizeFields', 'sortBy', 'limit', 'orderFields', 'renameFields', 'filterFieldsByName', 'noop']
    .map((name) => standardTransformers[`${name}Transformer`])
    .map((one) => ({ id: one.id, name: one.name, transformation: () => Promise.resolve(one), editor: () => null })),
)

/** Panels that wait for an answer. */
const waiting = new Set()

/** Of the grid of Grafana, in pixels. */
const GAP = 8
const LINE = 30

function Board({ dashboard }) {
  const column = (document.documentElement.clientWidth - 2 * GAP + GAP) / 24
  // A closed row is shown open.
  const panels = dashboard.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])])
  const placed = panels.map((panel) => {
    const { x, y, w, h } = panel.gridPos
    const [width, height] = [w * column - GAP, h * (LINE + GAP) - GAP]
    return { panel, left: GAP + x * column, top: y * (LINE + GAP), width, height }
  })
  const height = Math.max(...placed.map((one) => one.top + one.height)) + GAP
  const variables = dashboard.templating.list.filter(({ hide }) => hide !== 2)
  return (
    <div style={{ background: theme.colors.background.canvas, color: theme.colors.text.primary }}>
      <div style={{ padding: `${GAP * 1.5}px ${GAP * 2}px` }}>
        <b>{dashboard.title}</b>
        {variables.map(({ name, label, current }) => (
          <span key={name} style={{ color: secondary, marginLeft: 16 }}>
            {label ?? name} <span style={{ color: theme.colors.text.primary }}>{current?.text ?? '–'}</span>
          </span>
        ))}
        <span style={{ color: secondary, float: 'right' }}>{worldName}</span>
      </div>
      <div style={{ position: 'relative', height }}>
        {placed.map(({ panel, ...place }) => (
          <div key={panel.id} style={{ position: 'absolute', ...place }}>
            {panel.type === 'row' ? (
              <div
                style={{ lineHeight: `${LINE}px`, fontWeight: 500 }}
              >{`${panel.collapsed ? '▸' : '▾'} ${panel.title}`}</div>
            ) : (
              <Panel panel={panel} {...place} />
            )}
          </div>
        ))}
      </div>
    </div>
  )
}

function Panel({ panel, width, height }) {
  return (
    <section data-panel={panel.id} data-type={panel.type} data-title={panel.title}>
      <PanelChrome
        title={panel.title.replaceAll('$by', by)}
        description={panel.description}
        width={width}
        height={height}
        padding="md"
      >
        {(innerWidth, innerHeight) => <Body panel={panel} width={innerWidth} height={innerHeight} />}
      </PanelChrome>
    </section>
  )
}

function Body({ panel, width, height }) {
  const [{ frames, error }, show] = useState({})
  useEffect(() => {
    waiting.add(panel.id)
    framesOf(panel, world, theme, width)
      .then(
        (frames) => show({ frames }),
        (error) => show({ error }),
      )
      .finally(() => waiting.delete(panel.id))
  }, [panel, width])
  if (error) return <Message kind="error" text={String(error)} />
  if (!frames) return null
  const numbers = frames.flatMap(({ fields }) => fields.filter(({ type }) => type === FieldType.number))
  const size = { width, height }
  if (panel.type === 'stat') return <Number_ panel={panel} field={numbers[0]} {...size} />
  if (!numbers.some(({ values }) => values.some((value) => value !== null)))
    return <Message kind="nothing" text={panel.fieldConfig.defaults.noValue ?? 'No data'} />
  if (panel.type === 'table')
    return <TableNG data={frames[0]} {...size} fieldConfig={panel.fieldConfig} cellHeight={panel.options.cellHeight} />
  if (panel.type === 'heatmap') return <Heat fields={numbers} {...size} />
  if (panel.type !== 'timeseries') throw new Error(`unknown kind of panel: ${panel.type}`)
  const { start, end } = rangeOf(panel, world)
  const timeRange = { from: dateTime(start * 1_000), to: dateTime(end * 1_000), raw: { from: 'now', to: 'now' } }
  const { options } = panel
  const zeros = numbers.every(({ values }) => values.every((value) => !value))
  return (
    <div data-zeros={zeros}>
      <TimeSeries
        {...{ frames, timeRange, options, ...size }}
        structureRev={1}
        timeZone="utc"
        legend={options.legend}
      />
    </div>
  )
}

function Message({ kind, text }) {
  return (
    <div
      data-message={kind}
      style={{ display: 'grid', placeItems: 'center', height: '100%', color: secondary, fontSize: 18 }}
    >
      <span>{text}</span>
    </div>
  )
}

function Number_({ panel, field, width, height }) {
  const last = field?.values.findLast((value) => value !== null)
  const nothing = {
    text: panel.fieldConfig.defaults.noValue ?? 'No data',
    numeric: NaN,
    color: theme.colors.text.primary,
  }
  const value = last === undefined ? nothing : field.display(last)
  return <BigValue {...panel.options} {...{ theme, width, height, value }} />
}

/** Counts of each bucket; darker is more. */
function Heat({ fields, width, height }) {
  const edge = ({ config }) => (config.displayNameFromDS === '+Inf' ? Infinity : Number(config.displayNameFromDS))
  const rows = fields
    .toSorted((a, b) => edge(a) - edge(b))
    .map(({ config, values }) => ({ le: config.displayNameFromDS, values }))
  const counts = rows.map(({ values }, n) => values.map((value, i) => (value ?? 0) - (rows[n - 1]?.values[i] ?? 0)))
  const most = Math.max(...counts.flat(), 1e-9)
  const [line, left] = [(height - 20) / rows.length, 60]
  return (
    <svg {...{ width, height }} fontSize={11} fill={theme.colors.text.primary}>
      {rows.map(({ le }, n) => (
        <g key={le} transform={`translate(0 ${height - 20 - (n + 1) * line})`}>
          <text x={left - 8} y={line / 2} dominantBaseline="middle" textAnchor="end">
            {le}
          </text>
          {counts[n].map((count, i) => {
            const wide = (width - left) / counts[n].length
            const opacity = Math.sqrt(count / most)
            return (
              count > 0 && (
                <rect key={i} x={left + i * wide} width={wide} height={line - 1} fill="#5794f2" {...{ opacity }} />
              )
            )
          })}
        </g>
      ))}
    </svg>
  )
}

const dashboard = await (await fetch(`/boards/${board}.json`)).json()
const context = { eventBus: new EventBusSrv(), eventsScope: 'board', sync: () => 0 }
createRoot(document.getElementById('root')).render(
  <ThemeContext.Provider value={theme}>
    <GlobalStyles />
    <PanelContextRoot.Provider value={context}>
      <Board dashboard={dashboard} />
    </PanelContextRoot.Provider>
  </ThemeContext.Provider>,
)
// Two frames without an answer outstanding: what came last is painted.
let idle = 0
const look = () => {
  idle = waiting.size === 0 && document.querySelector('[data-panel]') ? idle + 1 : 0
  if (idle > 10) document.body.dataset.drawn = 'true'
  else requestAnimationFrame(look)
}
requestAnimationFrame(look)
