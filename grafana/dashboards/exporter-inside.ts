// Of the Exporter board: workers, ledger and state, and what it all costs the machine.
import type { Section } from './board.js'
import { THIRD, lines } from './panels.js'
import { INSTANCE, mean, ofExporters, quantiles } from './queries.js'

export const workers: Section = {
  title: 'Workers, ledger and state',
  panels: [
    lines(
      {
        title: 'Queue',
        description:
          'Parse tasks waiting for a worker, and parse tasks that workers are running. Small reads need no worker.',
        ...THIRD,
        unit: 'short',
        decimals: 0,
      },
      { expr: `sum(agent_usage_exporter_pool_queued_tasks{${INSTANCE}})`, legend: 'waiting' },
      { expr: `sum(agent_usage_exporter_pool_running_tasks{${INSTANCE}})`, legend: 'running' },
    ),
    lines(
      {
        title: 'Time of a task',
        description:
          'Mean time that parse tasks waited for a worker, and that a worker spent on them; 0 while there are none.',
        ...THIRD,
        unit: 's',
      },
      { expr: mean('agent_usage_exporter_pool_wait_seconds'), legend: 'waiting' },
      { expr: mean('agent_usage_exporter_pool_run_seconds'), legend: 'running' },
    ),
    lines(
      {
        title: 'Time of a commit',
        description:
          'Time taken to commit changes to the state directory. Half of the commits, and 99 of 100, take at most ' +
          'this long.',
        ...THIRD,
        unit: 's',
      },
      ...quantiles('agent_usage_exporter_store_commit_duration_seconds'),
    ),
    lines(
      {
        title: 'Responses known',
        description: 'Responses in the ledger, including those from deleted log files.',
        ...THIRD,
        unit: 'short',
      },
      {
        expr: `sum(agent_usage_exporter_ledger_entries{${INSTANCE}})`,
      },
    ),
    lines(
      {
        title: 'Log files',
        description: 'Log files on disk. Agents delete old ones.',
        ...THIRD,
        unit: 'short',
      },
      {
        expr: `sum(agent_usage_exporter_files{${INSTANCE}})`,
      },
    ),
    lines(
      {
        title: 'Series folded',
        description:
          'Combinations of agent, project and model that exceeded --metrics.max-series and were folded into the ' +
          'project other.',
        ...THIRD,
        unit: 'short',
        decimals: 0,
      },
      { expr: `sum(agent_usage_exporter_series_folded_total{${INSTANCE}})` },
    ),
  ],
}

export const machine: Section = {
  title: 'Cost to the machine',
  panels: [
    lines(
      {
        title: 'Memory',
        description: 'Resident memory and JavaScript heap in use, of the exporter that needs the most.',
        ...THIRD,
        unit: 'bytes',
      },
      { expr: `max(${ofExporters('process_resident_memory_bytes')})`, legend: 'resident' },
      { expr: `max(${ofExporters('nodejs_heap_size_used_bytes')})`, legend: 'heap in use' },
    ),
    lines(
      {
        title: 'Processor',
        description: 'Cores in use by the exporter that needs the most.',
        ...THIRD,
        unit: 'percentunit',
      },
      {
        expr: `max(${ofExporters('rate(process_cpu_seconds_total[$__rate_interval])')})`,
      },
    ),
    lines(
      {
        title: 'Event loop',
        description: 'Event loop lag: 99 of 100 samples are below it, on the exporter where it is longest.',
        ...THIRD,
        unit: 's',
      },
      { expr: `max(${ofExporters('nodejs_eventloop_lag_p99_seconds')})` },
    ),
  ],
}
