import { defineConfig } from 'vitest/config'

// Report from which CI counts the tests.
const results = process.env['AUE_RESULTS']

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seeds.ts'],
    // Some tests run whole programs, on machines with two cores. A timeout here means a hang, not slowness.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    reporters: results ? ['default', ['json', { outputFile: results }]] : ['default'],
  },
})
