// The lines of a Claude Code transcript, in the key orders of real files. Writes only to the sheet and keeps no totals.

/** @typedef {import('./random.js').Random} Random */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./sheet.js').Sheet} Sheet */
/** Size of a text, and whether it contains non-ASCII characters. @typedef {{ size: number, foreign: boolean }} Filler */
/** @typedef {{ input: number, output: number, read: number, write5m: number, write1h: number }} Tokens */
/**
 * `early`: output tokens in the first event of the stream. `stray`: only a progress line has the response.
 * @typedef {{ id: string, requestId: string | undefined, model: string, tokens: Tokens, early: number,
 *   stray: boolean }} Response
 */

/** @param {number} ms */
const stamp = (ms) => new Date(ms).toISOString()

/** Starts the next line of a session: advances its clock and its chain of parents. @param {Session} session @param {Random} random */
function step(session, random) {
  const parent = session.lastUuid === undefined ? 'null' : `"${session.lastUuid}"`
  session.lastUuid = random.uuid()
  session.clockMs += random.skewed(1500, 1.2, 600_000)
  return { parent, uuid: session.lastUuid, timestamp: stamp(session.clockMs) }
}

/** @param {Session} session */
function context(session) {
  const { project, id, version, branch, agentId, nickname } = session
  const agent = agentId === undefined ? '' : `"agentId":"${agentId}",`
  return (
    `"userType":"external","cwd":"${project.cwd}","sessionId":"${id}","version":"${version}",` +
    `"gitBranch":"${branch}",${agent}"slug":"${nickname}"`
  )
}

/**
 * The beginning of a line. Older versions write the fields of the session here, newer ones at the end (see `tail`).
 * @param {Session} session @param {string} parent
 */
function head(session, parent) {
  const start = `{"parentUuid":${parent},"isSidechain":${session.agentId !== undefined},`
  return session.keyOrder === 'older' ? `${start}${context(session)},` : start
}

/** @param {Session} session */
function tail(session) {
  return session.keyOrder === 'older' ? '}\n' : `,"entrypoint":"cli",${context(session)}}\n`
}

/**
 * `message.usage` with the output of this line, which need not be final.
 * @param {Session['usageShape']} shape @param {Tokens} tokens @param {number} output
 */
export function usageText(shape, tokens, output) {
  const write = tokens.write5m + tokens.write1h
  const split = `{"ephemeral_5m_input_tokens":${tokens.write5m},"ephemeral_1h_input_tokens":${tokens.write1h}}`
  const prompt =
    `"input_tokens":${tokens.input},"cache_creation_input_tokens":${write},` +
    `"cache_read_input_tokens":${tokens.read}`
  if (shape === 'unsplit') return `{${prompt},"output_tokens":${output},"service_tier":"standard"}`
  if (shape === 'full') {
    const turned = `{"ephemeral_1h_input_tokens":${tokens.write1h},"ephemeral_5m_input_tokens":${tokens.write5m}}`
    return (
      `{${prompt},"output_tokens":${output},"server_tool_use":{"web_search_requests":0,"web_fetch_requests":0},` +
      `"service_tier":"standard","cache_creation":${turned},"inference_geo":"not_available","iterations":[{` +
      `"input_tokens":${tokens.input},"output_tokens":${output},"cache_read_input_tokens":${tokens.read},` +
      `"cache_creation_input_tokens":${write},"cache_creation":${split},"type":"message"}],"speed":"standard"}`
    )
  }
  const geo = shape === 'geo' ? ',"inference_geo":"not_available"' : ''
  return `{${prompt},"cache_creation":${split},"output_tokens":${output},"service_tier":"standard"${geo}}`
}

/** @param {Response} response */
function messageStart(response) {
  return `{"model":"${response.model}","id":"${response.id}","type":"message","role":"assistant","content":[`
}

/** @param {Session} session @param {Response} response @param {number} output @param {string | undefined} stop */
function messageEnd(session, response, output, stop) {
  const usage = usageText(session.usageShape, response.tokens, output)
  const reason = stop === undefined ? 'null' : `"${stop}"`
  const recent = session.usageShape === 'full'
  const [details, diagnostics] = recent ? [',"stop_details":null', ',"diagnostics":null'] : ['', '']
  return `],"stop_reason":${reason},"stop_sequence":null${details},"usage":${usage}${diagnostics}}`
}

/** @param {Response} response */
const requestOf = (response) => (response.requestId === undefined ? '' : `"requestId":"${response.requestId}",`)

/**
 * One content block of a response. `block.toolUseId` makes it a tool call.
 * @param {Sheet} sheet @param {Session} session @param {Random} random @param {Response} response
 * @param {Filler & { toolUseId: string | undefined, output: number, stop: string | undefined }} block
 */
export function assistantLine(sheet, session, random, response, block) {
  const { parent, uuid, timestamp } = step(session, random)
  const early = session.keyOrder === 'older' && random.chance(0.02)
  const ends = `"type":"assistant","uuid":"${uuid}","timestamp":"${timestamp}"`
  const between = early ? `"type":"assistant","timestamp":"${timestamp}",` : ''
  sheet.text(`${head(session, parent)}${between}"message":${messageStart(response)}`)
  if (block.toolUseId === undefined) sheet.text('{"type":"text","text":"')
  else sheet.text(`{"type":"tool_use","id":"${block.toolUseId}","name":"Bash","input":{"command":"`)
  sheet.filler(block.size, block.foreign)
  sheet.text(block.toolUseId === undefined ? '"}' : '","description":"Run it"},"caller":{"type":"direct"}}')
  const after = early ? `${requestOf(response)}"uuid":"${uuid}"` : `${requestOf(response)}${ends}`
  sheet.text(`${messageEnd(session, response, block.output, block.stop)},${after}${tail(session)}`)
  return uuid
}

/**
 * The result of a tool, which real lines contain twice. `agentTokens`: usage of a sub-agent, which the line repeats.
 * @param {Sheet} sheet @param {Session} session @param {Random} random
 * @param {Filler & { toolUseId: string, assistantUuid: string, agentTokens?: Tokens | undefined }} result
 */
export function toolResultLine(sheet, session, random, result) {
  const { parent, uuid, timestamp } = step(session, random)
  const text = result.size >> 1
  sheet.text(
    `${head(session, parent)}"type":"user","message":{"role":"user","content":[{"tool_use_id":"${result.toolUseId}",` +
      `"type":"tool_result","content":"`,
  )
  sheet.filler(text, result.foreign)
  sheet.text(`","is_error":false}]},"uuid":"${uuid}","timestamp":"${timestamp}","toolUseResult":{`)
  if (result.agentTokens === undefined) {
    sheet.text('"stdout":"')
    sheet.filler(text, result.foreign)
    sheet.text('","stderr":"","interrupted":false,"isImage":false,"noOutputExpected":false}')
  } else {
    sheet.text('"status":"completed","prompt":"')
    sheet.filler(text, result.foreign)
    sheet.text(
      `","totalDurationMs":${random.between(1000, 900_000)},"totalToolUseCount":${random.between(1, 40)},` +
        `"usage":${usageText('full', result.agentTokens, result.agentTokens.output)}}`,
    )
  }
  sheet.text(`,"sourceToolAssistantUUID":"${result.assistantUuid}"${tail(session)}`)
}

/**
 * A prompt; `imageSize` > 0 adds an image with that number of base64 digits.
 * @param {Sheet} sheet @param {Session} session @param {Random} random
 * @param {Filler & { imageSize: number }} prompt
 */
export function promptLine(sheet, session, random, { size, foreign, imageSize }) {
  const { parent, uuid, timestamp } = step(session, random)
  sheet.text(`${head(session, parent)}"type":"user","message":{"role":"user","content":[{"type":"text","text":"`)
  sheet.filler(size, foreign)
  if (imageSize > 0) {
    sheet.text('"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"')
    sheet.base64(imageSize)
    sheet.text('"}}]}')
  } else sheet.text('"}]}')
  sheet.text(`,"uuid":"${uuid}","timestamp":"${timestamp}","permissionMode":"default"${tail(session)}`)
}

/**
 * A progress line of a hook or a shell command, without usage.
 * @param {Sheet} sheet @param {Session} session @param {Random} random
 * @param {Filler & { toolUseId: string }} progress
 */
export function progressLine(sheet, session, random, { toolUseId, size, foreign }) {
  const { parent, uuid, timestamp } = step(session, random)
  sheet.text(`${head(session, parent)}"type":"progress","data":{"type":"bash_progress","output":"`)
  sheet.filler(size >> 1, foreign)
  sheet.text('","fullOutput":"')
  sheet.filler(size >> 1, foreign)
  sheet.text(
    `","elapsedTimeSeconds":${random.between(2, 90)},"totalLines":${random.between(0, 500)}},` +
      `"toolUseID":"bash-progress-0","parentToolUseID":"${toolUseId}","uuid":"${uuid}","timestamp":"${timestamp}"${tail(session)}`,
  )
}

/**
 * A progress line of a sub-agent, which contains a whole assistant line with usage.
 * @param {Sheet} sheet @param {Session} session @param {Random} random
 * @param {Filler & { response: Response, output: number, toolUseId: string }} echo
 */
export function echoLine(sheet, session, random, { response, output, toolUseId, size, foreign }) {
  const { parent, uuid, timestamp } = step(session, random)
  sheet.text(
    `${head(session, parent)}"type":"progress","data":{"message":{"type":"assistant","timestamp":"${timestamp}",` +
      `"message":${messageStart(response)}{"type":"text","text":"`,
  )
  sheet.filler(size, foreign)
  sheet.text(
    `"}${messageEnd(session, response, output, undefined)},${requestOf(response)}"uuid":"${random.uuid()}"},` +
      `"normalizedMessages":[],"type":"agent_progress","prompt":"`,
  )
  sheet.filler(size, foreign)
  sheet.text(
    `","agentId":"${random.hex(7)}"},"toolUseID":"agent_${response.id}","parentToolUseID":"${toolUseId}",` +
      `"uuid":"${uuid}","timestamp":"${timestamp}"${tail(session)}`,
  )
}

/**
 * An error message of Claude Code itself: model `<synthetic>`, no usage.
 * @param {Sheet} sheet @param {Session} session @param {Random} random
 */
export function apiErrorLine(sheet, session, random) {
  const { parent, uuid, timestamp } = step(session, random)
  sheet.text(
    `${head(session, parent)}"type":"assistant","uuid":"${uuid}","timestamp":"${timestamp}",` +
      `"message":{"id":"${random.uuid()}",` +
      '"container":null,"model":"<synthetic>","role":"assistant","stop_reason":"stop_sequence","stop_sequence":"",' +
      '"type":"message","usage":{"input_tokens":0,"output_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,' +
      '"server_tool_use":{"web_search_requests":0,"web_fetch_requests":0},"service_tier":null,"cache_creation":' +
      '{"ephemeral_1h_input_tokens":0,"ephemeral_5m_input_tokens":0}},' +
      `"content":[{"type":"text","text":"API Error: 529"}]},"isApiErrorMessage":true${tail(session)}`,
  )
}

/** @param {Sheet} sheet @param {Session} session @param {Random} random @param {number} files */
export function snapshotLine(sheet, session, random, files) {
  const id = random.uuid()
  const backups = Array.from({ length: files }, (_, i) => {
    const name = `${random.hex(16)}@v${i + 1}`
    return `"src/module-${i}.ts":{"backupFileName":"${name}","version":${i + 1},"backupTime":"${stamp(session.clockMs)}"}`
  })
  sheet.text(
    `{"type":"file-history-snapshot","messageId":"${id}","snapshot":{"messageId":"${id}","trackedFileBackups":{`,
  )
  for (let i = 0; i < backups.length; i += 1) sheet.text(`${i > 0 ? ',' : ''}${backups[i]}`)
  sheet.text(`},"timestamp":"${stamp(session.clockMs)}"},"isSnapshotUpdate":false}\n`)
}

/** @param {Sheet} sheet @param {Random} random */
export function summaryLine(sheet, random) {
  sheet.text(`{"type":"summary","summary":"Parser and Table Work","leafUuid":"${random.uuid()}"}\n`)
}

/** @param {Sheet} sheet @param {Session} session @param {Random} random */
export function turnLine(sheet, session, random) {
  const { parent, uuid, timestamp } = step(session, random)
  sheet.text(
    `${head(session, parent)}"type":"system","subtype":"turn_duration","durationMs":${random.between(900, 400_000)},` +
      `"timestamp":"${timestamp}","uuid":"${uuid}","isMeta":false${tail(session)}`,
  )
}

/** @param {Sheet} sheet @param {Session} session @param {string} operation */
export function queueLine(sheet, session, operation) {
  const content = operation === 'enqueue' ? ',"content":"and then run the tests"' : ''
  sheet.text(
    `{"type":"queue-operation","operation":"${operation}","timestamp":"${stamp(session.clockMs)}",` +
      `"sessionId":"${session.id}"${content}}\n`,
  )
}
