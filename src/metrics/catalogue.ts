// Every metric of ours: name, type, help, unit, labels, buckets. The only place that knows a metric's name.
import { CORRECTION_REASONS } from '../core/totals/corrections.js'
import { SERIES_LABELS } from '../core/schema.js'

export interface Definition {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  readonly buckets?: readonly number[]
  /** UCUM, in braces: the name tells the unit, and of one without braces receivers of OTLP would make a suffix. */
  readonly unit?: `{${string}}`
  /** What it is called over OTLP, where that is not the name; receivers make the name of both. */
  readonly otlp?: { readonly name: string; readonly unit: string }
  /** Its counts are in the state and go on after a restart; those of others begin with the process. */
  readonly durable?: true
}

const FAST_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
] as const
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const

/** What the agents used: from the logs. These appear when the first pass is complete. */
export const USAGE = {
  tokens: {
    name: 'agent_usage_tokens_total',
    type: 'counter',
    help: 'Tokens of model responses, by disjoint token type: a prompt is input + cache_read + cache_write_5m + cache_write_1h.',
    labels: [...SERIES_LABELS, 'token_type'],
    unit: '{token}',
    durable: true,
  },
  cost: {
    name: 'agent_usage_cost_usd_total',
    type: 'counter',
    help: 'Cost in US dollars at list prices of the API on the day of each response, or as its log has it; an estimate, not a bill.',
    labels: SERIES_LABELS,
    unit: '{USD}',
    durable: true,
  },
  loggedCost: {
    name: 'agent_usage_logged_cost_usd_total',
    type: 'counter',
    help: 'Part of agent_usage_cost_usd_total that came from the logs: the model had no known price when it was counted, or the log told what was billed.',
    labels: ['agent', 'model'],
    unit: '{USD}',
    durable: true,
  },
  requests: {
    name: 'agent_usage_requests_total',
    type: 'counter',
    help: 'Model responses, each counted once however many log lines repeat it.',
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
    help: 'Sessions that at least one response originates from; forks and resumes that only copy are none.',
    labels: ['agent', 'project'],
    unit: '{session}',
    durable: true,
  },
  corrections: {
    name: 'agent_usage_corrections_total',
    type: 'counter',
    help: `Responses already counted of which the logs later told something else; counters kept the surplus. Reasons: ${CORRECTION_REASONS.join(', ')}.`,
    labels: ['reason'],
    unit: '{response}',
    durable: true,
  },
  unpriced: {
    name: 'agent_usage_unpriced_tokens_total',
    type: 'counter',
    help: 'Tokens of responses for whose model no price was known when they were counted; they cost 0.',
    labels: ['model'],
    unit: '{token}',
    durable: true,
  },
  periodCost: {
    name: 'agent_usage_period_cost_usd',
    type: 'gauge',
    help: 'Cost in US dollars of the responses of the current day, week and month, by the time of each response in the configured time zone; it may fall when the logs tell less.',
    labels: ['period', ...SERIES_LABELS],
    unit: '{USD}',
  },
  periodStart: {
    name: 'agent_usage_period_start_timestamp_seconds',
    type: 'gauge',
    help: 'When the current day, week and month began in the configured time zone.',
    labels: ['period'],
  },
  budgetLimit: {
    name: 'agent_usage_budget_limit_usd',
    type: 'gauge',
    help: 'What a budget of the configuration file allows in each of its periods, in US dollars.',
    labels: ['budget', 'period'],
    unit: '{USD}',
  },
  budgetSpent: {
    name: 'agent_usage_budget_spent_usd',
    type: 'gauge',
    help: 'Cost in US dollars of the responses of the current period that the budget matches, as agent_usage_period_cost_usd has it; it may fall when the logs tell less.',
    labels: ['budget', 'period'],
    unit: '{USD}',
  },
  lastActivity: {
    name: 'agent_usage_last_activity_timestamp_seconds',
    type: 'gauge',
    help: 'Time of the latest response, as its log line tells it.',
    labels: ['agent', 'project'],
  },
  price: {
    name: 'agent_usage_price_usd_per_token',
    type: 'gauge',
    help: 'List price in force now, of the models seen, in US dollars per token; of prompts below any long-prompt tier.',
    labels: ['model', 'token_type'],
    unit: '{USD}',
  },
} as const satisfies Record<string, Definition>

/** What the exporter says of itself. */
export const EXPORTER = {
  parseDuration: {
    name: 'agent_usage_exporter_parse_duration_seconds',
    type: 'histogram',
    help: 'Time to read and parse what was new of one file.',
    labels: [],
    buckets: FAST_SECONDS,
  },
  passDuration: {
    name: 'agent_usage_exporter_pass_duration_seconds',
    type: 'histogram',
    help: 'Time of one pass, from looking at the files to the commit.',
    labels: [],
    buckets: SECONDS,
  },
  passCacheHitRatio: {
    name: 'agent_usage_exporter_pass_cache_hit_ratio',
    type: 'histogram',
    help: 'Files found unchanged by a pass, as a share of the files it looked at.',
    labels: [],
    buckets: [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1],
  },
  eventLag: {
    name: 'agent_usage_exporter_event_lag_seconds',
    type: 'histogram',
    help: 'From the modification of a file to what is new of it being in the counters; not observed in the first pass.',
    labels: [],
    buckets: [...SECONDS.slice(0, 14), 60, 300, 3600],
  },
  cacheLookups: {
    name: 'agent_usage_exporter_cache_lookups_total',
    type: 'counter',
    help: 'Files that passes looked at.',
    labels: [],
  },
  cacheHits: {
    name: 'agent_usage_exporter_cache_hits_total',
    type: 'counter',
    help: 'Files that passes found unchanged and did not open.',
    labels: [],
  },
  files: { name: 'agent_usage_exporter_files', type: 'gauge', help: 'Transcripts on disk.', labels: [] },
  ledgerEntries: {
    name: 'agent_usage_exporter_ledger_entries',
    type: 'gauge',
    help: 'Responses in the ledger, those of deleted transcripts included.',
    labels: [],
  },
  bytesRead: {
    name: 'agent_usage_exporter_bytes_read_total',
    type: 'counter',
    help: 'Bytes read from transcripts.',
    labels: [],
  },
  lines: {
    name: 'agent_usage_exporter_lines_total',
    type: 'counter',
    help: 'Lines read from transcripts.',
    labels: [],
  },
  duplicateLines: {
    name: 'agent_usage_exporter_duplicate_lines_total',
    type: 'counter',
    help: 'Usage records read of a response that was known already.',
    labels: [],
  },
  linesSkipped: {
    name: 'agent_usage_exporter_lines_skipped_total',
    type: 'counter',
    help: 'Lines that count for nothing though they hold usage, or that cannot be read.',
    labels: ['reason'],
  },
  fallbacks: {
    name: 'agent_usage_exporter_decoder_fallbacks_total',
    type: 'counter',
    help: 'Lines that the decoder wasm left to the slower v8, by reason; both count the same.',
    labels: ['reason'],
  },
  errors: {
    name: 'agent_usage_exporter_errors_total',
    type: 'counter',
    help: 'Failures that the exporter went on after, by stage: scan, parse, worker, watch, store, web_config.',
    labels: ['stage'],
  },
  sourceUp: {
    name: 'agent_usage_exporter_source_up',
    type: 'gauge',
    help: '1 when the last full pass could read a directory with transcripts of the agent; 0 when there is none, when it cannot be listed, or when nothing in it can be read.',
    labels: ['agent'],
  },
  filesUnreadable: {
    name: 'agent_usage_exporter_files_unreadable',
    type: 'gauge',
    help: 'Transcripts that the last full pass found and could not read; each pass tries again.',
    labels: ['agent'],
  },
  lastPass: {
    name: 'agent_usage_exporter_last_pass_timestamp_seconds',
    type: 'gauge',
    help: 'When the last full pass ended.',
    labels: [],
  },
  oldestTranscript: {
    name: 'agent_usage_exporter_oldest_transcript_timestamp_seconds',
    type: 'gauge',
    help: 'Modification time of the oldest transcript on disk; the agent deletes old ones.',
    labels: [],
  },
  foldedSeries: {
    name: 'agent_usage_exporter_series_folded_total',
    type: 'counter',
    help: 'Combinations of agent, project and model that found no room within --metrics.max-series and are in the project other.',
    labels: [],
  },
  poolQueued: {
    name: 'agent_usage_exporter_pool_queued_tasks',
    type: 'gauge',
    help: 'Parse tasks that wait for a worker.',
    labels: [],
  },
  poolRunning: {
    name: 'agent_usage_exporter_pool_running_tasks',
    type: 'gauge',
    help: 'Parse tasks that a worker is busy with.',
    labels: [],
  },
  poolWait: {
    name: 'agent_usage_exporter_pool_wait_seconds',
    type: 'histogram',
    help: 'Time a parse task waited for a worker and for its result to be taken.',
    labels: [],
    buckets: SECONDS,
  },
  poolRun: {
    name: 'agent_usage_exporter_pool_run_seconds',
    type: 'histogram',
    help: 'Time a worker was busy with a parse task.',
    labels: [],
    buckets: SECONDS,
  },
  storeCommit: {
    name: 'agent_usage_exporter_store_commit_duration_seconds',
    type: 'histogram',
    help: 'Time to write what changed to the state directory.',
    labels: [],
    buckets: FAST_SECONDS,
  },
  storeUp: {
    name: 'agent_usage_exporter_store_up',
    type: 'gauge',
    help: '1 when the state directory holds all that is counted; 0 when it cannot be written, or when no state is kept.',
    labels: [],
  },
  reloadSuccessful: {
    name: 'agent_usage_exporter_config_last_reload_successful',
    type: 'gauge',
    help: '1 when the configuration and price files could be read and taken the last time; 0 when the former ones are kept.',
    labels: [],
  },
  reloadSuccess: {
    name: 'agent_usage_exporter_config_last_reload_success_timestamp_seconds',
    type: 'gauge',
    help: 'When the configuration and price files were last read and taken.',
    labels: [],
  },
  instanceInfo: {
    name: 'agent_usage_exporter_instance_info',
    type: 'gauge',
    help: 'Always 1; id is a UUID that the exporter keeps in its state directory, whatever the machine is called.',
    labels: ['id'],
  },
  buildInfo: {
    name: 'agent_usage_exporter_build_info',
    type: 'gauge',
    help: 'Always 1; its labels tell what is running.',
    labels: ['version', 'node', 'backend'],
  },
} as const satisfies Record<string, Definition>

/** What the exporter says of its pushes, where it pushes. */
export const PUSH = {
  exports: {
    name: 'agent_usage_exporter_otlp_exports_total',
    type: 'counter',
    help: 'Pushes that ended, accepted or not; retries of one push are not counted.',
    labels: [],
  },
  failures: {
    name: 'agent_usage_exporter_otlp_failures_total',
    type: 'counter',
    help: 'Pushes that were not accepted whole, by reason: connect, timeout, auth, rejected, partial, server. The next one carries everything.',
    labels: ['reason'],
  },
  rejectedPoints: {
    name: 'agent_usage_exporter_otlp_rejected_points_total',
    type: 'counter',
    help: 'Data points that a receiver refused while it took others of the same push.',
    labels: [],
  },
  lastSuccess: {
    name: 'agent_usage_exporter_otlp_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'When a push was last accepted whole; 0 before the first.',
    labels: [],
  },
  duration: {
    name: 'agent_usage_exporter_otlp_export_duration_seconds',
    type: 'histogram',
    help: 'Time of one push, its retries included.',
    labels: [],
    buckets: SECONDS,
  },
} as const satisfies Record<string, Definition>
