// All fields that the reader reads of a line, whatever its type: the walker finds these, and no others. reader.ts, header.ts,
// counts.ts and spoken.ts read them.
import type { Fields } from '../../decode/field-layout.js'

const USAGE: Fields = {
  input_tokens: true,
  cached_input_tokens: true,
  cache_write_input_tokens: true,
  output_tokens: true,
  reasoning_output_tokens: true,
}

const RECORD: Fields = {
  thread_id: true,
  turn_id: true,
  response_id: true,
  usage: USAGE,
  thread_token_usage: USAGE,
}

const HEADER: Fields = {
  id: true,
  cli_version: true,
  history_mode: true,
  forked_from_id: true,
  parent_thread_id: true,
  history_base: true,
  subagent_history_start_ordinal: true,
  source: { subagent: true },
}

export const rolloutFields: Fields = {
  timestamp: true,
  type: true,
  payload: {
    type: true,
    cwd: true,
    model: true,
    ...HEADER,
    ...RECORD,
    latest_token_usage_record: RECORD,
    info: { total_token_usage: USAGE, last_token_usage: USAGE, model: true },
    thread_settings: { service_tier: true },
    // Of what the model says.
    role: true,
    item: { type: true },
  },
}
