// The board about the exporter: whether it reads everything, how fast, and at what cost to the machine.
import { board, choice, type Section } from './board.js'
import { columns } from './columns.js'
import { areas, buckets, lines, number, type PanelOptions, type Query } from './panels.js'
import { INSTANCE, ofExporters, quantile } from './queries.js'

const BUILD = `agent_usage_exporter_build_info{${INSTANCE}}`
const PASS_AGE = `time() - agent_usage_exporter_last_pass_timestamp_seconds{${INSTANCE}}`

const overview: Section = {
  panels: [
    number(
      { title: 'Exporters', description: 'Exporters that answered the last scrape.', width: 4, height: 4, unit: 'short', noValue: 'none', thresholds: [[null, 'text']] },
      `count(${BUILD})`,
    ),
    number(
      {
        title: 'Last full pass',
        description: 'How long ago all files were looked at, on the machine where that is longest. One a minute unless --watch.sweep-interval says otherwise.',
        width: 4,
        height: 4,
        unit: 's',
        decimals: 0,
        noValue: 'none yet',
        thresholds: [[null, 'text'], [900, 'red']],
      },
      `max(${PASS_AGE})`,
    ),
    number(
      {
        title: 'Machines without logs',
        description: 'Machines on which no readable directory with logs was found, for one agent or more.',
        width: 4,
        height: 4,
        unit: 'short',
        noValue: 'no exporter',
        thresholds: [[null, 'text'], [1, 'red']],
      },
      `count(min by (job, instance) (agent_usage_exporter_source_up{${INSTANCE}}) == 0) or 0 * count(${BUILD})`,
    ),
    number(
      { title: 'Transcripts', description: 'Log files on disk, on all chosen machines.', width: 4, height: 4, unit: 'short', noValue: 'no exporter' },
      `sum(agent_usage_exporter_files{${INSTANCE}})`,
    ),
    number(
      { title: 'Responses known', description: 'Entries of the ledgers, those of deleted logs included.', width: 4, height: 4, unit: 'short', noValue: 'no exporter' },
      `sum(agent_usage_exporter_ledger_entries{${INSTANCE}})`,
    ),
    number(
      {
        title: 'Errors',
        description: 'Failures within the time range of the board that the exporters went on after.',
        width: 4,
        height: 4,
        unit: 'short',
        decimals: 0,
        noValue: 'no exporter',
        thresholds: [[null, 'text'], [1, 'orange']],
      },
      `sum(increase(agent_usage_exporter_errors_total{${INSTANCE}}[$__range]))`,
    ),
  ],
}

const passes: Section = {
  title: 'Reading',
  panels: [
    lines(
      third('Passes', 'Passes a minute: sweeps over all files, and passes over what the watcher saw change.', 'short'),
      { expr: `sum(rate(agent_usage_exporter_pass_duration_seconds_count{${INSTANCE}}[$__rate_interval])) * 60` },
    ),
    lines(
      third('Time of a pass', 'From looking at the files to the commit. Half of the passes, and 99 of 100, take at most this long.', 's'),
      ...quantiles('agent_usage_exporter_pass_duration_seconds'),
    ),
    lines(
      third('Files found unchanged', 'Share of the files looked at that were not opened, because nothing about them had changed.', 'percentunit'),
      {
        expr: `sum(rate(agent_usage_exporter_cache_hits_total{${INSTANCE}}[$__rate_interval]))
/ sum(rate(agent_usage_exporter_cache_lookups_total{${INSTANCE}}[$__rate_interval]))`,
        legend: 'of all files',
      },
      {
        expr: `sum(rate(agent_usage_exporter_pass_cache_hit_ratio_sum{${INSTANCE}}[$__rate_interval]))
/ sum(rate(agent_usage_exporter_pass_cache_hit_ratio_count{${INSTANCE}}[$__rate_interval]))`,
        legend: 'mean of the passes',
      },
    ).max(1),
    buckets(
      { ...third('Time to parse a file', 'How many files took how long to read and parse: what was new of each.', 's'), width: 12 },
      `sum by (le) (increase(agent_usage_exporter_parse_duration_seconds_bucket{${INSTANCE}}[$__rate_interval]))`,
    ),
    lines(
      {
        ...third('Lag', 'From the modification of a file to its tokens being shown. Half of the changes, and 99 of 100, are shown within this time.', 's'),
        width: 12,
      },
      ...quantiles('agent_usage_exporter_event_lag_seconds'),
    ),
  ],
}

const content: Section = {
  title: 'What was read',
  panels: [
    lines(
      third('Bytes read', 'Bytes read from transcripts, a second.', 'Bps'),
      { expr: `sum(rate(agent_usage_exporter_bytes_read_total{${INSTANCE}}[$__rate_interval]))` },
    ),
    lines(
      third('Lines', 'Lines read, a minute, and records of responses that were known already: agents write a response several times.', 'short'),
      { expr: `sum(rate(agent_usage_exporter_lines_total{${INSTANCE}}[$__rate_interval])) * 60`, legend: 'lines' },
      { expr: `sum(rate(agent_usage_exporter_duplicate_lines_total{${INSTANCE}}[$__rate_interval])) * 60`, legend: 'repeated responses' },
    ),
    areas(
      third('Lines skipped', 'Lines within the hour before that hold usage and count for nothing, or that cannot be read, by reason.', 'short'),
      { expr: `sum by (reason) (increase(agent_usage_exporter_lines_skipped_total{${INSTANCE}}[1h]))`, legend: '{{reason}}' },
    ),
    areas(
      third('Errors', 'Failures within the hour before that the exporter went on after, by stage.', 'short'),
      { expr: `sum by (stage) (increase(agent_usage_exporter_errors_total{${INSTANCE}}[1h]))`, legend: '{{stage}}' },
    ),
    areas(
      third('Corrections', 'Responses within the hour before of which the logs told something else after they were counted; counters kept the surplus.', 'short'),
      { expr: `sum by (reason) (increase(agent_usage_corrections_total{${INSTANCE}}[1h]))`, legend: '{{reason}}' },
    ),
    lines(
      third('Oldest transcript', 'Age of the oldest log on disk, on the machine where it is lowest. Claude Code deletes logs after 30 days unless told otherwise.', 's'),
      { expr: `min(time() - agent_usage_exporter_oldest_transcript_timestamp_seconds{${INSTANCE}})` },
    ),
  ],
}

const workers: Section = {
  title: 'Workers, ledger and state',
  panels: [
    lines(
      third('Queue', 'Parse tasks that wait for a worker, and that a worker is busy with. Small reads need none.', 'short'),
      { expr: `sum(agent_usage_exporter_pool_queued_tasks{${INSTANCE}})`, legend: 'waiting' },
      { expr: `sum(agent_usage_exporter_pool_running_tasks{${INSTANCE}})`, legend: 'running' },
    ),
    lines(
      third('Time of a task', 'Mean time that parse tasks waited for a worker, and that a worker was busy; 0 while there are none.', 's'),
      { expr: mean('agent_usage_exporter_pool_wait_seconds'), legend: 'waiting' },
      { expr: mean('agent_usage_exporter_pool_run_seconds'), legend: 'running' },
    ),
    lines(
      third('Time of a commit', 'Time to write what changed to the state directory. Half of the commits, and 99 of 100, take at most this long.', 's'),
      ...quantiles('agent_usage_exporter_store_commit_duration_seconds'),
    ),
    lines(
      third('Responses known', 'Entries of the ledger, those of deleted logs included.', 'short'),
      { expr: `sum(agent_usage_exporter_ledger_entries{${INSTANCE}})` },
    ),
    lines(
      third('Transcripts', 'Log files on disk.', 'short'),
      { expr: `sum(agent_usage_exporter_files{${INSTANCE}})` },
    ),
    lines(
      third('Series folded', 'Combinations of agent, project and model that found no room within --metrics.max-series and share the project other.', 'short'),
      { expr: `sum(agent_usage_exporter_series_folded_total{${INSTANCE}})` },
    ),
  ],
}

const machine: Section = {
  title: 'Cost to the machine',
  panels: [
    lines(
      third('Memory', 'Resident memory and the heap of JavaScript in use, of the exporter that needs the most.', 'bytes'),
      { expr: `max(${ofExporters('process_resident_memory_bytes')})`, legend: 'resident' },
      { expr: `max(${ofExporters('nodejs_heap_size_used_bytes')})`, legend: 'heap in use' },
    ),
    lines(
      third('Processor', 'Cores in use by the exporter that needs the most.', 'percentunit'),
      { expr: `max(${ofExporters('rate(process_cpu_seconds_total[$__rate_interval])')})` },
    ),
    lines(
      third('Event loop', 'How late the event loop was: 99 of 100 samples, on the exporter where that is longest.', 's'),
      { expr: `max(${ofExporters('nodejs_eventloop_lag_p99_seconds')})` },
    ),
  ],
}

const exporters: Section = {
  title: 'Each exporter',
  collapsed: true,
  panels: [
    columns(
      {
        title: 'Exporters',
        description: 'What runs where, and how it is. State kept is 1 when the state directory holds all that is counted.',
        width: 24,
        height: 10,
        noValue: 'none',
        by: { instance: 'Machine', version: 'Version', node: 'Node.js', backend: 'Decoder' },
        rows: 200,
      },
      { title: 'Responses known', expr: onBuild(`agent_usage_exporter_ledger_entries{${INSTANCE}}`), unit: 'short', bar: true },
      { title: 'Last pass', expr: onBuild(PASS_AGE), unit: 's', decimals: 0, width: 110 },
      { title: 'State kept', expr: onBuild(`agent_usage_exporter_store_up{${INSTANCE}}`), unit: 'short', width: 110 },
      { title: 'Configuration read', expr: onBuild(`agent_usage_exporter_config_last_reload_successful{${INSTANCE}}`), unit: 'short', width: 150 },
      { title: 'Memory', expr: onBuild(`process_resident_memory_bytes{${INSTANCE}}`), unit: 'bytes', decimals: 0, width: 110 },
    ),
  ],
}

export const exporter = board({
  title: 'Agent usage / Exporter',
  description: 'Whether the exporters read everything, how fast, and at what cost to the machine.',
  variables: [choice('instance', 'Machine', 'agent_usage_exporter_build_info')],
  sections: [overview, passes, content, workers, machine, exporters],
})

function third(title: string, description: string, unit: string): PanelOptions {
  return { title, description, width: 8, height: 7, unit }
}

function quantiles(histogram: string): Query[] {
  return [
    { expr: quantile(0.5, histogram), legend: 'half' },
    { expr: quantile(0.99, histogram), legend: '99 of 100' },
  ]
}

/** Seconds; 0 while nothing happens. */
function mean(histogram: string): string {
  return `sum(rate(${histogram}_sum{${INSTANCE}}[$__rate_interval]))
/ (sum(rate(${histogram}_count{${INSTANCE}}[$__rate_interval])) > 0)
or 0 * sum(${histogram}_count{${INSTANCE}})`
}

/** With the labels that say what runs there, so that all columns of a table have the same rows. */
function onBuild(series: string): string {
  return `sum by (job, instance, version, node, backend) (${BUILD} * on (job, instance) group_left () (${series}))`
}
