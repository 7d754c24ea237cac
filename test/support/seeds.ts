// In CI, property tests try the same cases each time, so that a build fails for what was changed and not for the seed of the
// day. Elsewhere, and with AUE_SEEDS=random, each run tries others.
import fc from 'fast-check'

export const fixedSeed = process.env.CI !== undefined && process.env.AUE_SEEDS !== 'random' ? 20_261 : undefined

if (fixedSeed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: fixedSeed })
