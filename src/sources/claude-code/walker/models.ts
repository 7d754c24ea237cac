// Models met in a file, with the numbers that its batch has for them. A number is asked for once: the scan stops before a
// line whose model has none yet.
import { isSameText } from '../../../decode/walker/text'

/** Longer names are left to the other engine. */
export const MAX_MODEL_BYTES: u32 = 96
const MAX_MODELS: i32 = 16
// A model: its number, the length of its name, its name.
const LENGTH: usize = 4
const NAME: usize = 8
const MODEL_BYTES: usize = NAME + MAX_MODEL_BYTES
/** And what a comparison may look at behind the last. */
const MODELS: usize = memory.data(<i32>MODEL_BYTES * MAX_MODELS + 16, 8)
let models: i32 = 0
/** The model of the line before, mostly that of the next. */
let last: usize = MODELS

export function forgetModels(): void {
  models = 0
}

/** Of a name no longer than MAX_MODEL_BYTES. Of more models than there is room for, those met last are known. */
export function learn(name: usize, length: u32, number: u32): void {
  last = MODELS + <usize>(models % MAX_MODELS) * MODEL_BYTES
  models += 1
  store<u32>(last, number)
  store<u32>(last, length, LENGTH)
  memory.copy(last + NAME, name, length)
}

/** The model's number, or -1. */
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
