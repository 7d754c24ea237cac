// How Codex writes the lines of a rollout: the time, in paginated files a number, the type and then the payload, whose own type
// comes first in an event (codex-logs 2). Three quarters of the bytes stand in lines that tell nothing of usage.
import type { Beginnings } from '../../decode/beginnings.js'

const HEADS = ['', '"ordinal":#,'].map((ordinal) => `{"timestamp":"????-??-??T??:??:??.???Z",${ordinal}"type":`)

const lines = (...types: readonly string[]) => HEADS.flatMap((head) => types.map((type) => `${head}"${type}",`))
const events = (...types: readonly string[]) => lines(...types.map((type) => `event_msg","payload":{"type":"${type}`))

export const beginnings: Beginnings = {
  counts: [
    ...lines('session_meta', 'turn_context', 'token_usage_record', 'compacted'),
    ...events('token_count', 'task_started', 'turn_started', 'turn_aborted', 'thread_settings_applied'),
  ],
  idle: [
    ...lines('response_item', 'world_state'),
    ...events('user_message', 'agent_message', 'agent_reasoning', 'agent_reasoning_raw_content', 'item_completed'),
    ...events('task_complete', 'exec_command_begin', 'exec_command_end', 'patch_apply_begin', 'patch_apply_end'),
    ...events('mcp_tool_call_begin', 'mcp_tool_call_end', 'web_search_begin', 'web_search_end', 'turn_diff'),
  ],
}
