// Defines every metric: name, type, help, unit, labels, buckets. No other file knows a metric's name.
import { CORRECTION_REASONS } from '../core/totals/corrections.js'
import { SERIES_LABELS } from '../core/schema.js'

export interface Definition {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  readonly buckets?: readonly number[]
  /** UCUM annotation in braces: the name states the unit, and OTLP receivers would append a unit without braces to it. */
  readonly unit?: `{${string}}`
  /** Name and unit over OTLP, if they differ from `name`, which receivers make from the two. */
  readonly otlp?: { readonly name: string; readonly unit: string }
  /** Its counts are kept in the state across restarts. The counts of other metrics start with the process. */
  readonly durable?: true
}

const FAST_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
] as const
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const

/** Usage of the agents, from their logs. Shown once the first pass is complete. */
export const USAGE = {
  tokens: {
    name: 'agent_usage_tokens_total',
    type: 'counter',
    help: 'Tokens of model responses. Token types are disjoint: a prompt is input + cache_read + cache_write_5m + cache_write_1h.',
    labels: [...SERIES_LABELS, 'token_type'],
    unit: '{token}',
    durable: true,
  },
  cost: {
    name: 'agent_usage_cost_usd_total',
    type: 'counter',
    help: 'Cost in US dollars, at the API list price on the day of each response or as stated in its log. An estimate, not a bill.',
    labels: SERIES_LABELS,
    unit: '{USD}',
    durable: true,
  },
  loggedCost: {
    name: 'agent_usage_logged_cost_usd_total',
    type: 'counter',
    help: 'Part of agent_usage_cost_usd_total taken from the logs: no price was known for the model when the response was counted, or the log states the billed amount.',
    labels: ['agent', 'model'],
    unit: '{USD}',
    durable: true,
  },
  requests: {
    name: 'agent_usage_requests_total',
    type: 'counter',
    help: 'Model responses. Each is counted once, however many log lines repeat it.',
    labels: SERIES_LABELS,
    unit: '{response}',
    durable: true,
  },
  webSearches: {
    name: 'agent_usage_web_search_requests_total',
    type: 'counter',
    help: 'Billed web searches.',
    labels: SERIES_LABELS,
    unit: '{search}',
    durable: true,
  },
  sessions: {
    name: 'agent_usage_sessions_total',
    type: 'counter',
    help: 'Sessions in which at least one response originated. Forks and resumed sessions that only copy responses are not counted.',
    labels: ['agent', 'project'],
    unit: '{session}',
    durable: true,
  },
  corrections: {
    name: 'agent_usage_corrections_total',
    type: 'counter',
    help: `Responses whose log lines or price changed after they were counted, by reason: ${CORRECTION_REASONS.join(', ')}. Counters keep the higher value.`,
    labels: ['reason'],
    unit: '{response}',
    durable: true,
  },
  unpriced: {
    name: 'agent_usage_unpriced_tokens_total',
    type: 'counter',
    help: 'Tokens of responses that had neither a known price nor a logged cost when they were counted. They cost 0.',
    labels: ['model'],
    unit: '{token}',
    durable: true,
  },
  periodCost: {
    name: 'agent_usage_period_cost_usd',
    type: 'gauge',
    help: 'Cost in US dollars of the current day, week and month, by the time of each response in the configured time zone. It can fall when log lines change.',
    labels: ['period', ...SERIES_LABELS],
    unit: '{USD}',
  },
  periodStart: {
    name: 'agent_usage_period_start_timestamp_seconds',
    type: 'gauge',
    help: 'Timestamp at which the current day, week and month began in the configured time zone.',
    labels: ['period'],
  },
  budgetLimit: {
    name: 'agent_usage_budget_limit_usd',
    type: 'gauge',
    help: 'Limit of a configured budget for one period, in US dollars.',
    labels: ['budget', 'period'],
    unit: '{USD}',
  },
  budgetSpent: {
    name: 'agent_usage_budget_spent_usd',
    type: 'gauge',
    help: 'Cost in US dollars of the responses that match the budget in its current period, calculated like agent_usage_period_cost_usd. It can fall when log lines change.',
    labels: ['budget', 'period'],
    unit: '{USD}',
  },
  lastActivity: {
    name: 'agent_usage_last_activity_timestamp_seconds',
    type: 'gauge',
    help: 'Timestamp of the latest response, taken from its log line.',
    labels: ['agent', 'project'],
  },
  price: {
    name: 'agent_usage_price_usd_per_token',
    type: 'gauge',
    help: 'Current list price of each model seen, in US dollars per token, for prompts below any long-prompt tier.',
    labels: ['model', 'token_type'],
    unit: '{USD}',
  },
} as const satisfies Record<string, Definition>

/** The exporter itself. */
export const EXPORTER = {
  parseDuration: {
    name: 'agent_usage_exporter_parse_duration_seconds',
    type: 'histogram',
    help: 'Time taken to read and parse the new part of one log file.',
    labels: [],
    buckets: FAST_SECONDS,
  },
  passDuration: {
    name: 'agent_usage_exporter_pass_duration_seconds',
    type: 'histogram',
    help: 'Time taken by one pass, from checking the log files to the commit.',
    labels: [],
    buckets: SECONDS,
  },
  passCacheHitRatio: {
    name: 'agent_usage_exporter_pass_cache_hit_ratio',
    type: 'histogram',
    help: 'Ratio of unchanged log files to log files checked, per pass.',
    labels: [],
    buckets: [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1],
  },
  eventLag: {
    name: 'agent_usage_exporter_event_lag_seconds',
    type: 'histogram',
    help: 'Delay from the modification of a log file until its usage is counted. Not observed in the first pass.',
    labels: [],
    buckets: [...SECONDS.slice(0, 14), 60, 300, 3600],
  },
  cacheLookups: {
    name: 'agent_usage_exporter_cache_lookups_total',
    type: 'counter',
    help: 'Log files checked for changes.',
    labels: [],
  },
  cacheHits: {
    name: 'agent_usage_exporter_cache_hits_total',
    type: 'counter',
    help: 'Log files found unchanged and therefore not opened.',
    labels: [],
  },
  files: { name: 'agent_usage_exporter_files', type: 'gauge', help: 'Log files on disk.', labels: [] },
  ledgerEntries: {
    name: 'agent_usage_exporter_ledger_entries',
    type: 'gauge',
    help: 'Responses in the ledger, including those from deleted log files.',
    labels: [],
  },
  bytesRead: {
    name: 'agent_usage_exporter_bytes_read_total',
    type: 'counter',
    help: 'Bytes read from log files.',
    labels: [],
  },
  lines: {
    name: 'agent_usage_exporter_lines_total',
    type: 'counter',
    help: 'Lines read from log files.',
    labels: [],
  },
  duplicateLines: {
    name: 'agent_usage_exporter_duplicate_lines_total',
    type: 'counter',
    help: 'Usage lines read for a response that was already known.',
    labels: [],
  },
  linesSkipped: {
    name: 'agent_usage_exporter_lines_skipped_total',
    type: 'counter',
    help: 'Lines skipped because they cannot be read or because their usage does not count.',
    labels: ['reason'],
  },
  fallbacks: {
    name: 'agent_usage_exporter_decoder_fallbacks_total',
    type: 'counter',
    help: 'Lines that the wasm decoder left to the slower v8 decoder. Both count the same.',
    labels: ['reason'],
  },
  errors: {
    name: 'agent_usage_exporter_errors_total',
    type: 'counter',
    help: 'Failures that the exporter recovered from, by stage: scan, parse, worker, watch, store, web_config.',
    labels: ['stage'],
  },
  sourceUp: {
    name: 'agent_usage_exporter_source_up',
    type: 'gauge',
    help: '1 if the last full pass could read a log directory of the agent. 0 if there is none, it cannot be listed, or nothing in it can be read.',
    labels: ['agent'],
  },
  filesUnreadable: {
    name: 'agent_usage_exporter_files_unreadable',
    type: 'gauge',
    help: 'Log files that the last full pass found but could not read. Each pass tries again.',
    labels: ['agent'],
  },
  lastPass: {
    name: 'agent_usage_exporter_last_pass_timestamp_seconds',
    type: 'gauge',
    help: 'Timestamp of the end of the last full pass.',
    labels: [],
  },
  oldestTranscript: {
    name: 'agent_usage_exporter_oldest_transcript_timestamp_seconds',
    type: 'gauge',
    help: 'Modification time of the oldest log file on disk. Agents delete old ones.',
    labels: [],
  },
  foldedSeries: {
    name: 'agent_usage_exporter_series_folded_total',
    type: 'counter',
    help: 'Combinations of agent, project and model that exceeded --metrics.max-series and were folded into the project other.',
    labels: [],
  },
  poolQueued: {
    name: 'agent_usage_exporter_pool_queued_tasks',
    type: 'gauge',
    help: 'Parse tasks waiting for a worker.',
    labels: [],
  },
  poolRunning: {
    name: 'agent_usage_exporter_pool_running_tasks',
    type: 'gauge',
    help: 'Parse tasks that workers are running.',
    labels: [],
  },
  poolWait: {
    name: 'agent_usage_exporter_pool_wait_seconds',
    type: 'histogram',
    help: 'Time a parse task waited for a worker and for its result to be collected.',
    labels: [],
    buckets: SECONDS,
  },
  poolRun: {
    name: 'agent_usage_exporter_pool_run_seconds',
    type: 'histogram',
    help: 'Time a worker spent on a parse task.',
    labels: [],
    buckets: SECONDS,
  },
  storeCommit: {
    name: 'agent_usage_exporter_store_commit_duration_seconds',
    type: 'histogram',
    help: 'Time taken to commit changes to the state directory.',
    labels: [],
    buckets: FAST_SECONDS,
  },
  storeUp: {
    name: 'agent_usage_exporter_store_up',
    type: 'gauge',
    help: '1 if the state directory holds everything counted. 0 if it cannot be written or if no state is kept.',
    labels: [],
  },
  reloadSuccessful: {
    name: 'agent_usage_exporter_config_last_reload_successful',
    type: 'gauge',
    help: '1 if the last read of the configuration and price files succeeded. 0 if it failed and the previous values are kept.',
    labels: [],
  },
  reloadSuccess: {
    name: 'agent_usage_exporter_config_last_reload_success_timestamp_seconds',
    type: 'gauge',
    help: 'Timestamp of the last successful read of the configuration and price files.',
    labels: [],
  },
  instanceInfo: {
    name: 'agent_usage_exporter_instance_info',
    type: 'gauge',
    help: 'Always 1. id is a UUID kept in the state directory, independent of the host name.',
    labels: ['id'],
  },
  buildInfo: {
    name: 'agent_usage_exporter_build_info',
    type: 'gauge',
    help: 'Always 1. The labels give the version of the exporter and of Node.js, and the decoder in use.',
    labels: ['version', 'node', 'backend'],
  },
} as const satisfies Record<string, Definition>

/** Pushes. Shown only if the exporter pushes. */
export const PUSH = {
  exports: {
    name: 'agent_usage_exporter_otlp_exports_total',
    type: 'counter',
    help: 'Pushes finished, accepted or not. Retries of a push are not counted.',
    labels: [],
  },
  failures: {
    name: 'agent_usage_exporter_otlp_failures_total',
    type: 'counter',
    help: 'Pushes that were not accepted in full, by reason: connect, timeout, auth, rejected, partial, server. The next push carries everything.',
    labels: ['reason'],
  },
  rejectedPoints: {
    name: 'agent_usage_exporter_otlp_rejected_points_total',
    type: 'counter',
    help: 'Data points that a receiver rejected while it accepted others of the same push.',
    labels: [],
  },
  lastSuccess: {
    name: 'agent_usage_exporter_otlp_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'Timestamp of the last push accepted in full. 0 before the first.',
    labels: [],
  },
  duration: {
    name: 'agent_usage_exporter_otlp_export_duration_seconds',
    type: 'histogram',
    help: 'Time taken by one push, including its retries.',
    labels: [],
    buckets: SECONDS,
  },
} as const satisfies Record<string, Definition>
