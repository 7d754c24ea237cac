// How many lines the engines are tried on, and which ones: AUE_LINES=2000000 tries more lines, AUE_SEED=17 other ones.

import { fixedSeed } from '../support/seeds.js'

export const LINES = Number(process.env.AUE_LINES ?? 200_000)
export const seed = Number(process.env.AUE_SEED ?? fixedSeed ?? Date.now() % 1_000_000)
