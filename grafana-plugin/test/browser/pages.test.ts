import { describe, expect, inject, test } from 'vitest'
import { APP, CONFIG, useBrowser, visitor } from './open.mts'

useBrowser()

const pages: ReadonlyArray<[path: string, seen: string]> = [
  [`${APP}/overview`, 'License server routing is down'],
  [`${APP}/servers`, 'routing'],
  [`${APP}/servers/server/cad`, 'drafty_render'],
  [`${APP}/servers/server/cad/feature/drafty/drafty_render`, 'Lines of capacity of drafty_render'],
  [`${APP}/renewals`, 'Installed but not served'],
  [`${APP}/license`, 'Last check'],
  [`${APP}/events`, 'First reading of the pools'],
  [`${APP}/setup`, 'license_server_up'],
  [CONFIG, 'Install alert rules'],
]

describe.skipIf(inject('world').skipped)('every page', () => {
  for (const host of ['grafana-13', 'grafana-12'] as const) {
    test(`loads in ${host} without a word in the console`, async () => {
      const { page, go, noise, outside } = await visitor({ host })
      for (const [path, seen] of pages) {
        await go(path)
        await page.getByText(seen).first().waitFor()
        await page.waitForLoadState('networkidle')
      }
      expect(noise).toEqual([])
      expect(outside).toEqual([])
    })
  }
})
