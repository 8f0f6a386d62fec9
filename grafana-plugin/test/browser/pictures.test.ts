import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { APP, CONFIG, useBrowser, visitor } from './open.mts'

useBrowser()

const wanted = process.env.PICTURES === '1' && !inject('world').skipped
const kept = join(import.meta.dirname, 'pictures')
/** The rest of a long page repeats its rows. */
const HEIGHT = 1300

const cad = `${APP}/servers/server/cad`
const recent = '?from=now-5m&to=now'
const pages: ReadonlyArray<[name: string, path: string, seen: string]> = [
  ['overview', `${APP}/overview${recent}`, 'License server routing is down'],
  ['servers', `${APP}/servers`, 'Last good reading'],
  ['server', cad + recent, 'Checkouts, longest first'],
  ['feature', `${cad}/feature/drafty/drafty_render${recent}`, 'Checkouts, longest first'],
  ['renewals', `${APP}/renewals`, 'Installed but not served'],
  ['license', `${APP}/license${recent}`, 'Last check'],
  ['events', `${APP}/events`, 'First reading of the pools'],
  ['setup', `${APP}/setup`, 'Scrape configuration'],
  ['configuration', CONFIG, 'Bundled dashboards'],
]

/** `npm run pictures`: what is looked at by eye, and kept to be compared with. */
describe.runIf(wanted)('pictures', () => {
  test.each(pages)('of %s, dark, light and narrow', async (name, path, seen) => {
    for (const [file, theme, width] of [
      ['dark', 'dark', 1280],
      ['light', 'light', 1280],
      ['narrow', 'dark', 400],
    ] as const) {
      const { page, go } = await visitor({ theme, width })
      await go(path)
      await page.getByText(seen).first().waitFor()
      await page.waitForLoadState('networkidle')
      await expect.poll(() => page.getByText(/^Loading /).count(), { timeout: 60_000 }).toBe(0)
      await page.waitForTimeout(1000)
      const whole = await page.evaluate(() => document.documentElement.scrollHeight)
      await page.screenshot({
        path: join(kept, `${name}-${file}.png`),
        fullPage: true,
        clip: { x: 0, y: 0, width, height: Math.min(whole, HEIGHT) },
      })
      await page.close()
    }
  })
})
