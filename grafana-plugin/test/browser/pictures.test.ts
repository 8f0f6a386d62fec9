import { join } from 'node:path'
import { describe, inject, test } from 'vitest'
import { APP, CONFIG, useBrowser, visitor } from './open.mts'

useBrowser()

const wanted = process.env.PICTURES === '1' && !inject('world').skipped
const shots = join(import.meta.dirname, '../../src/screenshots')
const kept = join(import.meta.dirname, 'pictures')

const pages: ReadonlyArray<[name: string, path: string, seen: string]> = [
  ['overview', `${APP}/overview?from=now-5m&to=now`, 'License server routing is down'],
  ['server', `${APP}/servers/server/cad?from=now-5m&to=now`, 'Checkouts, longest first'],
  ['renewals', `${APP}/renewals`, 'Installed but not served'],
  ['configuration', CONFIG, 'Bundled dashboards'],
]

/** `PICTURES=1 npm run test:browser -- pictures`: the catalogue's screenshots, and those to compare by eye. */
describe.runIf(wanted)('pictures', () => {
  test.each(pages)('of %s, dark, light and narrow', async (name, path, seen) => {
    for (const [theme, width] of [
      ['dark', 1280],
      ['light', 1280],
      ['dark', 400],
    ] as const) {
      const { page, go } = await visitor({ theme, width })
      await go(path)
      await page.getByText(seen).first().waitFor()
      await page.waitForLoadState('networkidle')
      await page.waitForTimeout(1000)
      const file = width === 400 ? `${name}-narrow.png` : `${name}-${theme}.png`
      await page.screenshot({ path: join(theme === 'dark' && width === 1280 ? shots : kept, file) })
      await page.close()
    }
  })
})
