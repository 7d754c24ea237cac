// Prints the commands that import the files: a shell script with explanations as comments.
import { DAY_MS } from '../../core/totals/period.js'
import type { PastSeries } from '../../metrics/past-counters.js'
import { seriesText } from '../text-format.js'
import type { BackfillFormat } from './sample-text.js'

export interface Written {
  readonly dir: string
  readonly format: BackfillFormat
  /** A series with the earliest beginning. */
  readonly oldest: PastSeries
  /** Target labels of the counters: job and instance. */
  readonly target: Readonly<Record<string, string>>
  readonly files: number
  readonly series: number
  readonly samples: number
  /** Times of the first and the last value, in milliseconds since the epoch. */
  readonly firstMs: number
  readonly lastMs: number
  /** Milliseconds since the epoch. */
  readonly nowMs: number
  /** Number of series that no scrape has seen yet, which the files do not contain. */
  readonly unseen: number
}

export function nextCommands(written: Written): string {
  const { format, files, samples, series, firstMs, lastMs, dir } = written
  return [
    `# ${samples} values of ${series} series from ${timeText(firstMs)} to ${timeText(lastMs)}: ${files} file${files === 1 ? '' : 's'} in ${dir}`,
    ...unseenLines(written),
    '',
    ...(format === 'openmetrics' ? forPrometheus(written) : forVictoriaMetrics(written)),
    '',
  ].join('\n')
}

/** The age in days, rounded up: the retention that a database needs for values from then. */
export const daysSince = (ms: number, nowMs: number): number => Math.ceil((nowMs - ms) / DAY_MS)

export const timeText = (ms: number): string => new Date(ms).toISOString().replace('.000', '')

function unseenLines({ unseen }: Written): string[] {
  if (unseen === 0) return []
  return [
    `# Left out: ${unseen} combination${unseen === 1 ? '' : 's'} of agent, project and model that no scrape of the running exporter has seen.`,
    '# The exporter will show them at 0 first, so their past would look like a reset. To include them, scrape the exporter',
    '# twice with curl before Prometheus scrapes it, and run backfill again.',
  ]
}

function forPrometheus({ dir, oldest, target, samples, firstMs, nowMs }: Written): string[] {
  const days = daysSince(firstMs, nowMs)
  const one = seriesText(oldest.definition.name, { ...oldest.labels, ...target })
  // Evaluated at each minute; in the first minute of a series only the second half gives a result.
  const query = `min(min_over_time(timestamp(${one})[${days + 1}d:1m]) or timestamp(${one})) - 60`
  const blocks = quoted(`${dir}/blocks`)
  return [
    '# For Prometheus 2.39 or later and its promtool; Prometheus may keep running.',
    '# 1. The values must end where those of Prometheus begin. This prints nothing if it has none yet. If it prints',
    '# "=> TIME @[...]", remove the files, run backfill again with --to=TIME, and go on with what that prints:',
    `promtool query instant http://127.0.0.1:9090 ${quoted(query)}`,
    '',
    '# 2. Make blocks of two hours, and check that they hold all samples; only then step 3 runs. This may take minutes.',
    `mkdir ${blocks} && for day in ${quoted(dir)}/20??-??-??.om; do`,
    `  promtool tsdb create-blocks-from -q openmetrics "$day" ${blocks} || break`,
    'done &&',
    `promtool tsdb list ${blocks} | awk 'NR > 1 { sum += $5 } END { lost = ${samples} - sum; print lost == 0 ? "all there" : "LOST: " lost; exit lost != 0 }' &&`,
    '',
    '# 3. Move the blocks into the data directory of Prometheus, --storage.tsdb.path: /var/lib/prometheus/metrics2 on Debian, /prometheus in its image.',
    `# Prometheus deletes data older than --storage.tsdb.retention.time, 15d by default; the oldest value is ${days} days old.`,
    '# Needs the rights of its user, or root.',
    'data=/var/lib/prometheus/metrics2 &&',
    `chown -R --reference="$data" ${blocks} && mv ${blocks}/* "$data"/`,
    '# Prometheus shows them within a minute.',
  ]
}

function forVictoriaMetrics({ dir, firstMs, nowMs }: Written): string[] {
  return [
    `# VictoriaMetrics drops data older than -retentionPeriod, a month by default; the oldest value is ${daysSince(firstMs, nowMs)} days old.`,
    '# The values must end where those of VictoriaMetrics begin: set --to to the time of its first value.',
    'url=http://127.0.0.1:8428',
    `for day in ${quoted(dir)}/20??-??-??.prom; do`,
    '  curl --fail --silent --show-error --request POST --upload-file "$day" "$url/api/v1/import/prometheus" || break',
    'done',
    '# Its cache of query results does not include them yet:',
    'curl --fail --silent --show-error "$url/internal/resetRollupResultCache"',
  ]
}

/** Quotes a word for a POSIX shell. */
const quoted = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
