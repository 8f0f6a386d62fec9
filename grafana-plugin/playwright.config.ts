import { dirname } from 'node:path'
import type { PluginOptions } from '@grafana/plugin-e2e'
import { defineConfig, devices } from '@playwright/test'

const auth = `${dirname(require.resolve('@grafana/plugin-e2e'))}/auth`

/** A real Grafana that loads the built plugin: `GRAFANA_URL=http://localhost:3000 npm run e2e`. */
export default defineConfig<PluginOptions>({
  testDir: './e2e',
  fullyParallel: false,
  workers: 1,
  reporter: 'list',
  timeout: 240_000,
  expect: { timeout: 30_000 },
  use: {
    baseURL: process.env.GRAFANA_URL ?? 'http://localhost:3000',
    launchOptions: process.env.CHROMIUM
      ? { executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] }
      : {},
    trace: process.env.E2E_TRACE ? 'on' : 'off',
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'auth', testDir: auth, testMatch: [/.*\.js/] },
    {
      name: 'chromium',
      use: { ...devices['Desktop Chrome'], storageState: 'playwright/.auth/admin.json' },
      dependencies: ['auth'],
    },
  ],
})
