import { defineConfig } from 'vitest/config'

/** What needs no browser, and the built bundle: `npm run build` first. */
export default defineConfig({
  test: {
    include: ['test/unit/*.test.ts', 'test/bundle/*.test.ts'],
    testTimeout: 30_000,
    reporters: ['default', './test/reporter.mts'],
  },
})
