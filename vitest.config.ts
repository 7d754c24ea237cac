import { defineConfig } from 'vitest/config'

// CI counts the tests in this file.
const results = process.env['AUE_RESULTS']

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seeds.ts'],
    // Some tests run whole programs on machines with two cores, so a time-out must mean a hang, not slowness.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    reporters: results ? ['default', ['json', { outputFile: results }]] : ['default'],
  },
})
