// The style of the page: one accent colour, aligned numbers, and the system's preference for light or dark. Text has a
// contrast of at least 4.5 to its background.

export const style = `
:root {
  color-scheme: light dark;
  --page: #f7f7f5; --card: #fff; --text: #1c1d1f; --muted: #5d6066; --line: #e3e3df; --slot: #f1f1ee;
  --accent: #0b6e75; --bar: #8fbfc1; --warn: #8f4a00; --warn-page: #fff7ea; --warn-line: #e8c58f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #121416; --card: #1a1d20; --text: #ececee; --muted: #a2a7ad; --line: #2d3135; --slot: #22262a;
    --accent: #5ecbd2; --bar: #2f6f75; --warn: #f0b060; --warn-page: #2a2115; --warn-line: #6b4c1c;
  }
}
* { box-sizing: border-box }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif; font-variant-numeric: tabular-nums;
}
.page { max-width: 66rem; margin: 0 auto; padding: 1.75rem clamp(1rem, 4vw, 2rem) 3rem }
a { color: var(--accent); text-underline-offset: .2em }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px }
h1 { font-size: 1.15rem; font-weight: 650; margin: 0; letter-spacing: -.01em }
h1 small { font-weight: 400; font-size: .9rem; color: var(--muted); margin-left: .35em }
h2 { font-size: .95rem; font-weight: 600; margin: 0 }
h2 small { font-weight: 400; font-size: inherit; color: var(--muted) }
p { margin: 0 }

header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: .6rem 1.5rem; margin-bottom: 1.25rem }
header p { flex-basis: 100%; font-size: .9rem }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin: 0; padding: 0; list-style: none; font-size: .9rem }
.demo { padding: .6rem .9rem; border: 1px dashed var(--accent); border-radius: 8px }
.state { color: var(--muted) }
.state .dot { display: inline-block; width: .6em; height: .6em; margin-right: .45em; border-radius: 50%; background: var(--accent) }
.state .dot.ill { background: var(--warn) }
.state .dot.waiting { background: none; border: 2px solid var(--warn) }
.warn { color: var(--warn) }

main { display: grid; gap: 1rem; grid-template-columns: repeat(12, minmax(0, 1fr)) }
.wide { grid-column: 1 / -1 }
.wide:empty { display: none }
.troubles { background: var(--warn-page); border: 1px solid var(--warn-line); border-radius: 10px; padding: .9rem 1.25rem 1rem; font-size: .92rem }
.troubles h2 { color: var(--warn) }
.troubles ul { margin: .3rem 0 0; padding: 0; list-style: none }
.troubles p { margin-top: .5rem }
section { grid-column: 1 / -1; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem 1.2rem }
section.periods { display: contents }
.periods article { grid-column: span 3; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.25rem 1.1rem }
article h3 { font-size: .9rem; font-weight: 500; color: var(--muted); margin: 0 }
.sum { font-size: clamp(1.6rem, 3.4vw, 2.15rem); line-height: 1.25; font-weight: 600; letter-spacing: -.02em }
#today .sum { color: var(--accent) }
.sum.zero, #today .sum.zero { color: var(--muted) }
.note { color: var(--muted); font-size: .85rem }
.half { grid-column: span 6 }

.heading { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: .25rem 1.5rem }
.choice { display: flex; gap: .9rem; font-size: .9rem }
.choice a[aria-current] { color: var(--text); font-weight: 600; text-decoration: none }

.chart { display: grid; grid-template: 11.5rem 1.5rem / auto minmax(0, 1fr); gap: .35rem .6rem; margin-top: 1rem }
.axis { display: flex; flex-direction: column; justify-content: space-between; text-align: right; font-size: .78rem; line-height: 1; color: var(--muted); margin: -.4em 0 }
.plot, .dates { width: 100%; height: 100%; display: block; overflow: visible }
.plot line { stroke: var(--line); shape-rendering: crispEdges }
.plot .slot { fill: transparent }
.plot g:hover .slot { fill: var(--slot) }
.plot .bar { fill: var(--bar) }
.plot .current .bar, .plot g:hover .bar { fill: var(--accent) }
.dates { grid-column: 2; font-size: .78rem }
.dates text { fill: var(--muted) }
details { margin-top: .6rem; font-size: .9rem }
summary { cursor: pointer; color: var(--muted); width: fit-content }
details table { max-width: 22rem }

table { width: 100%; table-layout: fixed; border-collapse: collapse; margin-top: .5rem; font-size: .92rem }
th, td { padding: 0 }
th { font-weight: 400; text-align: left }
thead th { color: var(--muted); font-size: .82rem; padding-bottom: .3rem }
td, thead th + th { width: 6.2rem; text-align: right; padding-left: .75rem; white-space: nowrap }
tbody th, tbody td { padding-block: .4rem; border-top: 1px solid var(--line); vertical-align: top }
.name { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.share { display: block; width: 100%; height: 3px; margin-top: .3rem }
.share rect { fill: var(--bar) }
.share.over rect { fill: var(--warn) }
table.budgets td { width: 15rem }
table.budgets td:last-child, table.budgets thead th:last-child { width: 4rem }
table.budgets thead th:nth-child(2) { width: 15rem }
td small { color: var(--muted); font-size: .85rem }
td .forecast { display: block }
td .warn { color: var(--warn) }
table.ever td, table.ever thead th + th { width: 9.5rem }
table.unpriced { margin-top: 0 }
th small { display: block; color: var(--muted); font-size: .82rem }
tfoot th, tfoot td { padding-top: .4rem; border-top: 1px solid var(--line); color: var(--muted) }
.empty { color: var(--muted); margin-top: .6rem; font-size: .92rem }

dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(7.4rem, 100%), 1fr)); gap: .9rem 1.25rem; margin: .8rem 0 0 }
dt { color: var(--muted); font-size: .82rem }
dd { margin: 0; overflow-wrap: anywhere; font-size: .95rem }
dd small { display: block; color: var(--muted); font-size: .82rem }
#exporter h3 { margin: 1rem 0 .2rem; padding-top: .8rem; border-top: 1px solid var(--line); font-size: .82rem; font-weight: 400; color: var(--muted) }
#exporter ul { margin: 0; padding: 0; list-style: none }
.agent { display: inline-block; min-width: 6.5rem; color: var(--muted) }
#exporter ul, #exporter p { font-size: .9rem }
#exporter p { margin-top: .6rem }
.machines { margin-top: .8rem; font-size: .9rem; color: var(--muted) }
code { font: .92em ui-monospace, SFMono-Regular, Menlo, monospace; overflow-wrap: anywhere }

footer { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem 1.5rem; margin-top: 1.25rem; color: var(--muted); font-size: .85rem }
footer p { text-wrap: balance }
button { font: inherit; color: var(--accent); background: none; border: 0; padding: 0; cursor: pointer; text-decoration: underline; text-underline-offset: .2em }
#lost { color: var(--warn) }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
[hidden] { display: none !important }

@media (max-width: 46rem) {
  .periods article { grid-column: span 6 }
  .half { grid-column: 1 / -1 }
  .page { padding-top: 1.25rem }
  section, .periods article { padding-inline: 1rem }
  td, thead th + th { width: 5.3rem; padding-left: .5rem }
  table.budgets td, table.budgets thead th:nth-child(2) { width: 9.5rem }
  table.budgets td:last-child, table.budgets thead th:last-child { width: 3.6rem }
  .dates.months text:nth-last-child(even) { display: none }
  .budgets td small { display: block; font-size: .78rem }
  .chart { grid-template-rows: 9rem 1.5rem }
  .agent { display: block }
}
@media (max-width: 22rem) { .dates text:nth-last-child(even) { display: none } }
@media (forced-colors: active) {
  .plot .bar, .share rect { fill: CanvasText }
  .plot .current .bar { fill: Highlight }
}
@media (prefers-contrast: more) { :root { --muted: var(--text); --bar: var(--accent) } }
`
