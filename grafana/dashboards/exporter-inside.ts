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
        description: 'Parse tasks that wait for a worker, and that a worker is busy with. Small reads need none.',
        ...THIRD,
        unit: 'short',
      },
      { expr: `sum(agent_usage_exporter_pool_queued_tasks{${INSTANCE}})`, legend: 'waiting' },
      { expr: `sum(agent_usage_exporter_pool_running_tasks{${INSTANCE}})`, legend: 'running' },
    ),
    lines(
      {
        title: 'Time of a task',
        description:
          'Mean time that parse tasks waited for a worker, and that a worker was busy; 0 while there are none.',
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
          'Time to write what changed to the state directory. Half of the commits, and 99 of 100, take at most ' +
          'this long.',
        ...THIRD,
        unit: 's',
      },
      ...quantiles('agent_usage_exporter_store_commit_duration_seconds'),
    ),
    lines(
      {
        title: 'Responses known',
        description: 'Entries of the ledger, those of deleted logs included.',
        ...THIRD,
        unit: 'short',
      },
      {
        expr: `sum(agent_usage_exporter_ledger_entries{${INSTANCE}})`,
      },
    ),
    lines(
      {
        title: 'Transcripts',
        description: 'Log files on disk; agents delete old ones.',
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
          'Combinations of agent, project and model that found no room within --metrics.max-series and share the ' +
          'project other.',
        ...THIRD,
        unit: 'short',
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
        description: 'Resident memory and the heap of JavaScript in use, of the exporter that needs the most.',
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
        description: 'How late the event loop was: 99 of 100 samples, on the exporter where that is longest.',
        ...THIRD,
        unit: 's',
      },
      { expr: `max(${ofExporters('nodejs_eventloop_lag_p99_seconds')})` },
    ),
  ],
}
