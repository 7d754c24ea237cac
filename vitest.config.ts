import { defineConfig } from 'vitest/config'

// CI counts the tests from this file.
const results = process.env['AUE_RESULTS']

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seeds.ts'],
    // Whole programs run in some tests, on machines of two cores; a time-out here means a hang, not slowness.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    reporters: results ? ['default', ['json', { outputFile: results }]] : ['default'],
  },
})
