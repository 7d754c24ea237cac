// Lines as Kimi Code and kimi-cli write them (other-agents 4.2, 4.3).

const AT_MS = 1_782_864_000_000

/** Token counts. */
export type Told = readonly [input: number, output: number, read: number, write: number]

export const metadata = { type: 'metadata', protocol_version: '1.4' }

export function request(model: string, modelAlias?: string): object {
  return { type: 'llm.request', model, ...(modelAlias !== undefined && { modelAlias }) }
}

export function config(cwd: string): object {
  return { type: 'config.update', cwd }
}

export function record([inputOther, output, inputCacheRead, inputCacheCreation]: Told, more: object = {}): object {
  const usage = { inputOther, output, inputCacheRead, inputCacheCreation }
  return { type: 'usage.record', model: 'k3', usage, usageScope: 'turn', time: AT_MS, ...more }
}

/** A line of kimi-cli; null: without usage. */
export function status(told: Told | null, message: string | undefined, timestamp = AT_MS / 1000 + 0.887481): object {
  return { timestamp, message: statusUpdate(told, message) }
}

/** A sub-agent's status, repeated by its parent. */
export function repeated(told: Told | null, message: string, timestamp = AT_MS / 1000 + 1): object {
  const payload = { parent_tool_call_id: 'tool_1', agent_id: 'a1', event: statusUpdate(told, message) }
  return { timestamp, message: { type: 'SubagentEvent', payload } }
}

function statusUpdate(told: Told | null, message_id: string | undefined): object {
  const [input_other, output, input_cache_read, input_cache_creation] = told ?? []
  const token_usage = told === null ? null : { input_other, output, input_cache_read, input_cache_creation }
  return { type: 'StatusUpdate', payload: { context_usage: 0.1, token_usage, message_id } }
}
