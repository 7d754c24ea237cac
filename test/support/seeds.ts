// In CI, property tests use the same cases in every build, so that a build fails because of a change and not because of its seed.
// Elsewhere, and with AUE_SEEDS=random, each run uses other cases.
import fc from 'fast-check'

export const fixedSeed = process.env.CI !== undefined && process.env.AUE_SEEDS !== 'random' ? 20_261 : undefined

if (fixedSeed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: fixedSeed })
