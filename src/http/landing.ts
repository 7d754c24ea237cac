// The page at `/`, for people: is it running, where are the metrics, is it looking in the right place. No scripts;
// every value is escaped.

export interface Landing {
  readonly version: string
  readonly telemetryPath: string
  /** Whether the first pass over the logs is complete. */
  readonly ready: boolean
  /** Where it looks for logs, and whether there is anything there. */
  readonly roots: readonly { readonly path: string; readonly found: boolean }[]
  /** Log files seen. */
  readonly files: number
  /** Responses in the ledger. */
  readonly entries: number
}

/** A whole HTML document. Links are relative, so that it works below a reverse proxy's prefix. */
export function renderLanding({ version, telemetryPath, ready, roots, files, entries }: Landing): string {
  const state = ready ? 'Ready' : 'Reading the logs for the first time; usage appears when that is done'
  const places = roots.map(({ path, found }) => `<li><code>${escape(path)}</code>${found ? '' : ' (not found)'}</li>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>agent-usage-exporter</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>agent-usage-exporter <small>${escape(version)}</small></h1>
<p>Token and cost counters for coding agents, from the logs they leave on disk.</p>
<ul>
<li><a href=".${escape(telemetryPath)}">Metrics</a></li>
<li><a href="./-/ready">Ready?</a></li>
<li><a href="./-/healthy">Healthy?</a></li>
</ul>
<h2>${state}</h2>
<p>${count(files, 'log file')}, ${count(entries, 'response')}.</p>
<h2>Where it looks for logs</h2>
<ul>
${places.join('\n')}
</ul>
${roots.some(({ found }) => found) ? '' : hint}</main>
</body>
</html>
`
}

const hint = `<p>None of these was found. Point it elsewhere with <code>--claude.config-dir=DIR</code>, or set
<code>CLAUDE_CONFIG_DIR</code> as for Claude Code; in a container, mount the directory first.</p>
`

const style = `
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; margin: 3rem 1.5rem }
main { max-width: 42rem; margin: auto }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem } small { font-weight: normal; opacity: .6 }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere }
`

const count = (n: number, noun: string): string => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
