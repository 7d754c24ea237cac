// How many lines the engines are compared on, and which: AUE_LINES=2000000 compares more lines, AUE_SEED=17 other ones.

import { fixedSeed } from '../support/seeds.js'

export const LINES = Number(process.env.AUE_LINES ?? 200_000)
export const seed = Number(process.env.AUE_SEED ?? fixedSeed ?? Date.now() % 1_000_000)
