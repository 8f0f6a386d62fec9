import { defineConfig } from 'vitest/config'

/** The built bundle in a real browser: `npm run build` first. */
export default defineConfig({
  test: {
    include: ['test/browser/*.test.ts'],
    globalSetup: ['test/browser/setup.mts'],
    // Every page loads some 15 MB of Grafana's packages, on machines that do other things too.
    testTimeout: 180_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    pool: 'forks',
    reporters: ['default', './test/reporter.mts'],
  },
})
