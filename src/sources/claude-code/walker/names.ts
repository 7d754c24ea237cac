// The names that the walker knows: keys to take, by the object that contains them, and texts that matter as values.
import { Meaning, Names, learn } from '../../../decode/walker/names'
import { MODIFIER_BATCH, MODIFIER_FAST, MODIFIER_REFUSED, MODIFIER_US } from './generated'

export const LINE_KEYS: Names = 0
export const DATA_KEYS: Names = 1
/** Keys of the line that a progress line echoes. */
export const ECHO_KEYS: Names = 2
export const MESSAGE_KEYS: Names = 3
export const USAGE_KEYS: Names = 4
export const SPLIT_KEYS: Names = 5
export const SERVER_TOOL_KEYS: Names = 6
export const BLOCK_KEYS: Names = 7
export const ITERATION_KEYS: Names = 8
// Sets of values follow the sets of keys.
export const LINE_TYPES: Names = 9
export const STOP_REASONS: Names = 10
export const SPEEDS: Names = 11
export const GEOS: Names = 12
export const TIERS: Names = 13
export const BLOCK_NAMES: Names = 14
export const ITERATION_TYPES: Names = 15
export const MODELS: Names = 16
/** Lines that contain none of these hold nothing that counts. */
export const NEEDLES: Names = 17

// Meanings of names: a key's field, or a value's flag or number.
// Fields. Those up to ONCE are also bits of a set.
export const TYPE_FIELD: Meaning = 1
export const UUID_FIELD: Meaning = 2
export const CWD_FIELD: Meaning = 3
export const DATA_FIELD: Meaning = 4
export const ECHO_FIELD: Meaning = 5
export const MESSAGE_FIELD: Meaning = 6
export const REQUEST_FIELD: Meaning = 7
export const TIME_FIELD: Meaning = 8
export const SIDECHAIN_FIELD: Meaning = 9
export const API_ERROR_FIELD: Meaning = 10
export const ID_FIELD: Meaning = 11
export const MODEL_FIELD: Meaning = 12
export const STOP_FIELD: Meaning = 13
export const USAGE_FIELD: Meaning = 14
export const CONTENT_FIELD: Meaning = 15
export const INPUT_FIELD: Meaning = 16
export const OUTPUT_FIELD: Meaning = 17
export const READ_FIELD: Meaning = 18
export const CREATION_FIELD: Meaning = 19
export const SPLIT_FIELD: Meaning = 20
export const CREATION_5M_FIELD: Meaning = 21
export const CREATION_1H_FIELD: Meaning = 22
export const SERVER_TOOLS_FIELD: Meaning = 23
export const SEARCHES_FIELD: Meaning = 24
export const SPEED_FIELD: Meaning = 25
export const GEO_FIELD: Meaning = 26
export const TIER_FIELD: Meaning = 27
export const ITERATIONS_FIELD: Meaning = 28
/** Fields up to this one appear once in a line and once in its echo. */
export const ONCE: Meaning = 28
export const BLOCK_NAME_FIELD: Meaning = 29
export const ITERATION_TYPE_FIELD: Meaning = 30
// Needles.
export const USAGE_NEEDLE: Meaning = 1
export const SEARCH_NEEDLE: Meaning = 2
// Line types.
export const ASSISTANT: Meaning = 1
export const PROGRESS: Meaning = 2
// Models.
export const SYNTHETIC: Meaning = 1

for (let lines = LINE_KEYS; lines <= ECHO_KEYS; lines += ECHO_KEYS - LINE_KEYS) {
  learn(lines, 'type', TYPE_FIELD)
  learn(lines, 'uuid', UUID_FIELD)
  learn(lines, 'message', MESSAGE_FIELD)
  learn(lines, 'requestId', REQUEST_FIELD)
  learn(lines, 'timestamp', TIME_FIELD)
  learn(lines, 'isSidechain', SIDECHAIN_FIELD)
  learn(lines, 'isApiErrorMessage', API_ERROR_FIELD)
}
learn(LINE_KEYS, 'cwd', CWD_FIELD)
learn(LINE_KEYS, 'data', DATA_FIELD)
learn(DATA_KEYS, 'message', ECHO_FIELD)
learn(MESSAGE_KEYS, 'id', ID_FIELD)
learn(MESSAGE_KEYS, 'model', MODEL_FIELD)
learn(MESSAGE_KEYS, 'stop_reason', STOP_FIELD)
learn(MESSAGE_KEYS, 'usage', USAGE_FIELD)
learn(MESSAGE_KEYS, 'content', CONTENT_FIELD)
learn(USAGE_KEYS, 'input_tokens', INPUT_FIELD)
learn(USAGE_KEYS, 'output_tokens', OUTPUT_FIELD)
learn(USAGE_KEYS, 'cache_read_input_tokens', READ_FIELD)
learn(USAGE_KEYS, 'cache_creation_input_tokens', CREATION_FIELD)
learn(USAGE_KEYS, 'cache_creation', SPLIT_FIELD)
learn(USAGE_KEYS, 'server_tool_use', SERVER_TOOLS_FIELD)
learn(USAGE_KEYS, 'speed', SPEED_FIELD)
learn(USAGE_KEYS, 'inference_geo', GEO_FIELD)
learn(USAGE_KEYS, 'service_tier', TIER_FIELD)
learn(USAGE_KEYS, 'iterations', ITERATIONS_FIELD)
learn(SPLIT_KEYS, 'ephemeral_5m_input_tokens', CREATION_5M_FIELD)
learn(SPLIT_KEYS, 'ephemeral_1h_input_tokens', CREATION_1H_FIELD)
learn(SERVER_TOOL_KEYS, 'web_search_requests', SEARCHES_FIELD)
learn(BLOCK_KEYS, 'name', BLOCK_NAME_FIELD)
learn(ITERATION_KEYS, 'type', ITERATION_TYPE_FIELD)

learn(LINE_TYPES, 'assistant', ASSISTANT)
learn(LINE_TYPES, 'progress', PROGRESS)
learn(STOP_REASONS, 'refusal', MODIFIER_REFUSED)
learn(SPEEDS, 'fast', MODIFIER_FAST)
learn(GEOS, 'us', MODIFIER_US)
learn(TIERS, 'batch', MODIFIER_BATCH)
learn(BLOCK_NAMES, 'WebSearch', 1)
learn(ITERATION_TYPES, 'message', 1)
learn(ITERATION_TYPES, 'fallback_message', 1)
learn(MODELS, '<synthetic>', SYNTHETIC)
learn(NEEDLES, 'usage', USAGE_NEEDLE)
learn(NEEDLES, 'searchCount', SEARCH_NEEDLE)
