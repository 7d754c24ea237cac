// The board about the exporter: whether it reads everything, how fast, and at what cost to the machine.
import { board, machineChoice, type Section } from './board.js'
import { MACHINE, columns } from './columns.js'
import { machine, workers } from './exporter-inside.js'
import { UIDS, narrowed } from './links.js'
import { DAYS, GREY, HALF, SIXTH, THIRD, buckets, lines, number, stacks } from './panels.js'
import { INSTANCE, quantiles } from './queries.js'

const BUILD = `agent_usage_exporter_build_info{${INSTANCE}}`
const NONE = 'none in this time range'
const PASS_AGE = `time() - agent_usage_exporter_last_pass_timestamp_seconds{${INSTANCE}}`

const LOOKUPS = `sum(rate(agent_usage_exporter_cache_lookups_total{${INSTANCE}}[$__rate_interval]))`
const UNCHANGED = `sum(rate(agent_usage_exporter_cache_hits_total{${INSTANCE}}[$__rate_interval]))`

const overview: Section = {
  panels: [
    number(
      {
        title: 'Exporters',
        description: 'Exporters that answered the last scrape.',
        ...SIXTH,
        unit: 'short',
        noValue: 'none',
        thresholds: [[null, 'text']],
      },
      `count(${BUILD})`,
    ),
    number(
      {
        title: 'Last full pass',
        description:
          'Time since the last full pass, on the machine where it is longest. There should be a pass every minute, ' +
          'or every --watch.sweep-interval.',
        ...SIXTH,
        unit: 's',
        decimals: 0,
        noValue: 'none yet',
        thresholds: [
          [null, 'text'],
          [900, 'red'],
        ],
      },
      `max(${PASS_AGE})`,
    ),
    number(
      {
        title: 'Without logs',
        description:
          'Machines without a readable log directory: of an agent that was asked for or had logs before, or of any ' +
          'agent.',
        ...SIXTH,
        unit: 'short',
        noValue: 'no exporter',
        thresholds: [
          [null, 'text'],
          [1, 'red'],
        ],
      },
      `count(
  min by (job, instance) (agent_usage_exporter_source_up{${INSTANCE}}) == 0
  or
  max by (job, instance) (agent_usage_exporter_last_pass_timestamp_seconds{${INSTANCE}}) > 0
    unless on (job, instance) agent_usage_exporter_source_up
)
or 0 * count(${BUILD})`,
    ),
    number(
      {
        title: 'Log files',
        description: 'Log files on disk, on all selected machines.',
        ...SIXTH,
        unit: 'short',
        noValue: 'no exporter',
      },
      `sum(agent_usage_exporter_files{${INSTANCE}})`,
    ),
    number(
      {
        title: 'Responses known',
        description: 'Responses in the ledgers, including those from deleted log files.',
        ...SIXTH,
        unit: 'short',
        noValue: 'no exporter',
      },
      `sum(agent_usage_exporter_ledger_entries{${INSTANCE}})`,
    ),
    number(
      {
        title: 'Errors',
        description: 'Failures that the exporters recovered from, within the time range of the board.',
        ...SIXTH,
        unit: 'short',
        decimals: 0,
        noValue: 'no exporter',
        thresholds: [
          [null, 'text'],
          [1, 'orange'],
        ],
      },
      `sum(increase(agent_usage_exporter_errors_total{${INSTANCE}}[$__range]))`,
    ),
  ],
}

const passes: Section = {
  title: 'Reading',
  panels: [
    lines(
      {
        title: 'Passes',
        description: 'Passes per minute: sweeps over all files, and passes over files that the watcher reported.',
        ...THIRD,
        unit: 'short',
      },
      { expr: `sum(rate(agent_usage_exporter_pass_duration_seconds_count{${INSTANCE}}[$__rate_interval])) * 60` },
    ),
    lines(
      {
        title: 'Time of a pass',
        description:
          'From checking the files to the commit. Half of the passes, and 99 of 100, take at most this long.',
        ...THIRD,
        unit: 's',
      },
      ...quantiles('agent_usage_exporter_pass_duration_seconds'),
    ),
    stacks(
      {
        title: 'Files checked',
        description:
          'Files checked per minute: those that were unchanged and not opened, and those that were read. Sweeps check all ' +
          'files; where all are read, each sweep reads everything again.',
        ...THIRD,
        unit: 'short',
      },
      { expr: `(${LOOKUPS} - ${UNCHANGED}) * 60`, legend: 'read' },
      { expr: `${UNCHANGED} * 60`, legend: 'unchanged' },
    ).overrideByName('unchanged', [GREY]),
    buckets(
      {
        title: 'Time to parse a file',
        description: 'How long it took to read and parse the new part of each file.',
        ...HALF,
        unit: 's',
      },
      `sum by (le) (increase(agent_usage_exporter_parse_duration_seconds_bucket{${INSTANCE}}[$__rate_interval]))`,
    ),
    lines(
      {
        title: 'Lag',
        description:
          'Delay from the modification of a file until its usage is counted. Half of the changes, and 99 of 100, are ' +
          'counted within this time.',
        ...HALF,
        unit: 's',
      },
      ...quantiles('agent_usage_exporter_event_lag_seconds'),
    ),
  ],
}

const content: Section = {
  title: 'What was read',
  panels: [
    lines(
      {
        title: 'Bytes read',
        description: 'Bytes read from log files, per second.',
        ...THIRD,
        unit: 'Bps',
      },
      {
        expr: `sum(rate(agent_usage_exporter_bytes_read_total{${INSTANCE}}[$__rate_interval]))`,
      },
    ),
    lines(
      {
        title: 'Lines',
        description:
          'Lines read per minute, and usage lines of responses that were already known: agents log a response ' +
          'several times.',
        ...THIRD,
        unit: 'short',
      },
      { expr: `sum(rate(agent_usage_exporter_lines_total{${INSTANCE}}[$__rate_interval])) * 60`, legend: 'lines' },
      {
        expr: `sum(rate(agent_usage_exporter_duplicate_lines_total{${INSTANCE}}[$__rate_interval])) * 60`,
        legend: 'repeated responses',
      },
    ),
    stacks(
      {
        title: 'Lines skipped',
        description:
          'Lines skipped in the time of each bar, by reason: they cannot be read, or their usage does not count.',
        ...THIRD,
        unit: 'short',
        decimals: 0,
        noValue: NONE,
      },
      { expr: counted('agent_usage_exporter_lines_skipped_total', 'reason'), legend: '{{reason}}' },
    ),
    stacks(
      {
        title: 'Errors',
        description: 'Failures in the time of each bar that the exporter recovered from, by stage.',
        ...THIRD,
        unit: 'short',
        decimals: 0,
        noValue: NONE,
      },
      { expr: counted('agent_usage_exporter_errors_total', 'stage'), legend: '{{stage}}' },
    ),
    stacks(
      {
        title: 'Corrections',
        description:
          'Responses whose log lines or price changed after they were counted, in the time of each bar. Counters keep ' +
          'the higher value.',
        ...THIRD,
        unit: 'short',
        decimals: 0,
        noValue: NONE,
      },
      { expr: counted('agent_usage_corrections_total', 'reason'), legend: '{{reason}}' },
    ),
    lines(
      {
        title: 'Oldest log file',
        description:
          'Age of the oldest log file on disk, on the machine where it is lowest. Some agents delete logs after 30 ' +
          'days by default.',
        ...THIRD,
        unit: DAYS,
        decimals: 0,
      },
      { expr: `min(time() - agent_usage_exporter_oldest_transcript_timestamp_seconds{${INSTANCE}}) / 86400` },
    ),
  ],
}

const { host_name, instance, user, team } = MACHINE
const ROW = { host_name, instance, user, team, version: 'Version', node: 'Node.js', backend: 'Decoder' }

const exporters: Section = {
  title: 'Each exporter',
  collapsed: true,
  panels: [
    columns(
      {
        title: 'Exporters',
        description:
          'What runs where, and its condition: whether the state directory holds everything counted, and whether the ' +
          'configuration file was valid when it was last read.',
        width: 24,
        height: 10,
        noValue: 'none',
        by: ROW,
        labelWidths: { user: 90, team: 90, version: 74, node: 88, backend: 78 },
        rows: 200,
        link: { title: 'Spend of this machine', url: narrowed('spend', 'instance', MACHINE.instance) },
      },
      {
        title: 'Responses known',
        expr: onBuild(`agent_usage_exporter_ledger_entries{${INSTANCE}}`),
        unit: 'short',
        bar: true,
      },
      { title: 'Last pass', expr: onBuild(PASS_AGE), unit: 's', decimals: 0, width: 90 },
      {
        title: 'State kept',
        expr: onBuild(`agent_usage_exporter_store_up{${INSTANCE}}`, 'min'),
        unit: 'short',
        width: 94,
        yesNo: true,
      },
      {
        title: 'Configuration read',
        expr: onBuild(`agent_usage_exporter_config_last_reload_successful{${INSTANCE}}`, 'min'),
        unit: 'short',
        width: 144,
        yesNo: true,
      },
      {
        title: 'Memory',
        expr: onBuild(`process_resident_memory_bytes{${INSTANCE}}`),
        unit: 'bytes',
        decimals: 0,
        width: 94,
      },
    ),
  ],
}

export const exporter = board({
  uid: UIDS.exporter,
  title: 'Agent usage / Exporter',
  description: 'Whether the exporters read everything, how fast, and what that costs the machine.',
  refresh: '30s',
  variables: [machineChoice()],
  sections: [overview, passes, content, workers, machine, exporters],
})

/** How often each happened within an interval; nothing where it did not. */
function counted(counter: string, by: string): string {
  return `sum by (${by}) (increase(${counter}{${INSTANCE}}[$__rate_interval])) > 0`
}

/** With the labels that say what runs there, so that all columns of a table have the same rows. */
function onBuild(series: string, total: 'sum' | 'min' = 'sum'): string {
  return `${total} by (${Object.keys(ROW).join(', ')}) (${BUILD} * ignoring (version, node, backend) group_left () (${series}))`
}
