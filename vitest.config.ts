import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/stack/**', 'grafana-plugin/**'],
    reporters: ['default', './test/reporter.ts'],
    globalSetup: ['test/node-version.ts', 'test/one-temp-folder.ts'],
    // Two cores and real child processes: a test that waits for a timeout needs room.
    testTimeout: 30_000,
    pool: 'forks',
  },
})
