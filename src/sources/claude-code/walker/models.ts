// The models of a file with their numbers in the batch. Each number is asked for once: the scan stops before a line
// whose model has none yet.
import { isSameText } from '../../../decode/walker/text'

/** Lines with longer names are left to the other engine. */
export const MAX_MODEL_BYTES: u32 = 96
const MAX_MODELS: i32 = 16
// Byte offsets in a model: its number is at 0, then the length of its name and its name.
const LENGTH: usize = 4
const NAME: usize = 8
const MODEL_BYTES: usize = NAME + MAX_MODEL_BYTES
/** Ends with the bytes that a comparison may read beyond the last model. */
const MODELS: usize = memory.data(<i32>MODEL_BYTES * MAX_MODELS + 16, 8)
let models: i32 = 0
/** The model of the previous line, which is usually that of the next. */
let last: usize = MODELS

export function forgetModels(): void {
  models = 0
}

/** @param length at most MAX_MODEL_BYTES. The oldest of more than MAX_MODELS models are forgotten. */
export function learn(name: usize, length: u32, number: u32): void {
  last = MODELS + <usize>(models % MAX_MODELS) * MODEL_BYTES
  models += 1
  store<u32>(last, number)
  store<u32>(last, length, LENGTH)
  memory.copy(last + NAME, name, length)
}

/** Returns the model's number, or -1 if it is unknown. */
export function numberOf(name: usize, length: u32): i64 {
  if (models > 0 && isAt(last, name, length)) return load<u32>(last)
  for (let model = min(models, MAX_MODELS) - 1; model >= 0; model -= 1) {
    const at = MODELS + <usize>model * MODEL_BYTES
    if (!isAt(at, name, length)) continue
    last = at
    return load<u32>(at)
  }
  return -1
}

function isAt(model: usize, name: usize, length: u32): bool {
  return isSameText(model + NAME, load<u32>(model, LENGTH), name, length)
}
