// The lines of a Codex rollout, with the fields and about the sizes of real ones (codex-logs 2). Writes only to the sheet and keeps no
// totals.

/** @typedef {import('../tree/random.js').Random} Random */
/** @typedef {import('../tree/sheet.js').Sheet} Sheet */
/** @typedef {import('./thread.js').Thread} Thread */
/** Counts as in a usage object, with cached tokens as part of the input. @typedef {{ input: number, cached: number, output: number, reasoning: number }} Counts */

/** The fields around a payload; advances the clock. @param {Thread} thread @param {string} type */
const open = (thread, type) => `{"timestamp":"${thread.tick()}","type":"${type}","payload":{`

/**
 * A line that contains a text of `size` bytes.
 * @param {Sheet} sheet @param {string} before @param {{ size: number, foreign: boolean }} text @param {string} after
 */
function around(sheet, before, { size, foreign }, after) {
  sheet.text(before)
  sheet.filler(size, foreign)
  sheet.text(`${after}}}\n`)
}

/** @param {Sheet} sheet @param {Thread} thread @param {Random} random @param {{ of?: Thread }} [parent] */
export function header(sheet, thread, random, { of } = {}) {
  const fork = of === undefined ? '' : `"forked_from_id":"${of.id}",`
  const before =
    `${open(thread, 'session_meta')}"id":"${thread.id}",${fork}"timestamp":"${thread.begun}","cwd":"${thread.place.cwd}",` +
    `"originator":"codex-tui","cli_version":"${thread.version}","source":"cli","model_provider":"openai",` +
    `"base_instructions":{"text":"`
  const after = `"},"git":{"commit_hash":"${random.hex(40)}","branch":"main","repository_url":"https://example.org/a.git"}`
  around(sheet, before, { size: 18_000, foreign: false }, after)
}

/** @param {Sheet} sheet @param {Thread} thread */
export function turnStarted(sheet, thread) {
  const started = `"turn_id":"${thread.turn}","model_context_window":258400,"collaboration_mode_kind":"default"`
  sheet.text(`${open(thread, 'event_msg')}"type":"task_started",${started}}}\n`)
}

/** @param {Sheet} sheet @param {Thread} thread */
export function turnContext(sheet, thread) {
  const before =
    `${open(thread, 'turn_context')}"turn_id":"${thread.turn}","cwd":"${thread.place.cwd}","approval_policy":"never",` +
    `"sandbox_policy":{"type":"danger-full-access"},"model":"${thread.model}","personality":"pragmatic",` +
    `"collaboration_mode":{"mode":"default","settings":{"model":"${thread.model}","reasoning_effort":"high",` +
    `"developer_instructions":"`
  around(sheet, before, { size: 1_600, foreign: false }, `"}},"effort":"high","summary":"auto"`)
}

/** @param {Sheet} sheet @param {Thread} thread @param {string | null} tier */
export function settings(sheet, thread, tier) {
  const named = `"model":"${thread.model}","service_tier":${JSON.stringify(tier)},"reasoning_effort":"high"`
  sheet.text(
    `${open(thread, 'event_msg')}"type":"thread_settings_applied","thread_id":"${thread.id}",` +
      `"thread_settings":{${named}}}}\n`,
  )
}

/** A user message, as an item and as an event. @param {Sheet} sheet @param {Thread} thread @param {Random} random */
export function prompt(sheet, thread, random) {
  const text = { size: random.skewed(400, 1.3, 30_000), foreign: random.chance(0.1) }
  const item = `"type":"message","role":"user","content":[{"type":"input_text","text":"`
  around(sheet, `${open(thread, 'response_item')}${item}`, text, '"}]')
  around(sheet, `${open(thread, 'event_msg')}"type":"user_message","message":"`, text, '","images":[]')
}

/** The model's message before its calls. @param {Sheet} sheet @param {Thread} thread @param {Random} random */
export function speech(sheet, thread, random) {
  const reasoning = `"type":"reasoning","id":"rs_${random.hex(50)}","summary":[],"encrypted_content":"`
  sheet.text(`${open(thread, 'response_item')}${reasoning}`)
  sheet.base64(random.skewed(900, 0.8, 20_000))
  sheet.text('"}}\n')
  const text = { size: random.skewed(240, 0.9, 8_000), foreign: random.chance(0.3) }
  around(sheet, `${open(thread, 'event_msg')}"type":"agent_message","message":"`, text, '","phase":"commentary"')
  const message = `"type":"message","id":"msg_${random.hex(50)}","role":"assistant","content":[{"type":"output_text","text":"`
  around(sheet, `${open(thread, 'response_item')}${message}`, text, '"}]')
}

/** A command and its output, which are most of a rollout's bytes. @param {Sheet} sheet @param {Thread} thread @param {Random} random */
export function command(sheet, thread, random) {
  const call = `call_${random.token(24)}`
  const named = `"type":"function_call","id":"fc_${random.hex(50)}","name":"exec_command","call_id":"${call}","arguments":"{\\"cmd\\":\\"`
  const text = { size: random.skewed(150, 0.9, 20_000), foreign: false }
  around(sheet, `${open(thread, 'response_item')}${named}`, text, '\\"}"')
  const output = { size: random.skewed(1_500, 1.35, 1_200_000), foreign: random.chance(0.1) }
  const answer = `"type":"function_call_output","call_id":"${call}","output":"`
  around(sheet, `${open(thread, 'response_item')}${answer}`, output, '"')
}

/** @param {Counts} counts */
const usage = ({ input, cached, output, reasoning }) =>
  `{"input_tokens":${input},"cached_input_tokens":${cached},"output_tokens":${output},` +
  `"reasoning_output_tokens":${reasoning},"total_tokens":${input + output}}`

const LIMITS =
  '"rate_limits":{"limit_id":"codex","limit_name":null,"primary":{"used_percent":12.0,"window_minutes":300,' +
  '"resets_at":1782805495},"secondary":{"used_percent":61.0,"window_minutes":10080,"resets_at":1782942293},' +
  '"credits":null,"individual_limit":null,"plan_type":"pro","rate_limit_reached_type":null}'

/** `last`: usage of the response; without it, the line has only rate limits. @param {Sheet} sheet @param {Thread} thread @param {Counts} [last] */
export function count(sheet, thread, last) {
  const info =
    last === undefined
      ? 'null'
      : `{"total_token_usage":${usage(thread.total)},"last_token_usage":${usage(last)},"model_context_window":258400}`
  sheet.text(`${open(thread, 'event_msg')}"type":"token_count","info":${info},${LIMITS}}}\n`)
}

/** A record, which versions from 0.153 write before the count. @param {Sheet} sheet @param {Thread} thread @param {Random} random @param {Counts} last */
export function record(sheet, thread, random, last) {
  const ids =
    `"thread_id":"${thread.id}","turn_id":"${thread.turn}","session_id":"${thread.id}",` +
    `"root_turn_id":"${thread.turn}","response_id":"resp_${random.hex(48)}"`
  const total = usage(thread.total)
  sheet.text(
    `${open(thread, 'token_usage_record')}${ids},"usage":${usage(last)},"turn_token_usage":${total},` +
      `"thread_token_usage":${total}}}\n`,
  )
}

/** A compaction, followed by a count with an estimate, which is no response. @param {Sheet} sheet @param {Thread} thread @param {Random} random */
export function compaction(sheet, thread, random) {
  const text = { size: random.skewed(12_000, 0.8, 85_000), foreign: random.chance(0.2) }
  around(sheet, `${open(thread, 'compacted')}"message":"`, text, '"')
  const estimate =
    '{"input_tokens":0,"cached_input_tokens":0,"output_tokens":0,"reasoning_output_tokens":0,"total_tokens":9000}'
  const info = `"total_token_usage":${usage(thread.total)},"last_token_usage":${estimate},"model_context_window":258400`
  sheet.text(`${open(thread, 'event_msg')}"type":"token_count","info":{${info}},${LIMITS}}}\n`)
}

/** @param {Sheet} sheet @param {Thread} thread @param {Random} random */
export function turnComplete(sheet, thread, random) {
  const text = { size: random.skewed(900, 0.7, 9_000), foreign: random.chance(0.3) }
  around(
    sheet,
    `${open(thread, 'event_msg')}"type":"task_complete","turn_id":"${thread.turn}","last_agent_message":"`,
    text,
    '"',
  )
}
