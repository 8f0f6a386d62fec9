import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import { describe, expect, inject, test } from 'vitest'
import { APP, CONFIG, type Opened, useBrowser, visitor } from './open.mts'

useBrowser()

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const feature = `${APP}/servers/server/cad/feature/drafty/drafty_render`
/** Every page, and what no other page says. */
const all: ReadonlyArray<[path: string, seen: string]> = [
  [`${APP}/overview`, 'License server routing is down'],
  [`${APP}/servers`, 'Last good reading'],
  [`${APP}/servers/server/cad`, 'Features of cad'],
  [feature, 'Lines of capacity of drafty_render'],
  [`${APP}/renewals`, 'Installed but not served'],
  [`${APP}/license`, 'Last check'],
  [`${APP}/events`, 'First reading of the pools'],
  [`${APP}/setup`, 'Scrape configuration'],
  [CONFIG, 'Bundled dashboards'],
]

/** Opens the pages one after the other without loading Grafana anew. */
async function eachPage(
  { page, go, turn }: Opened,
  look: (path: string) => Promise<void>
): Promise<void> {
  for (const [index, [path, seen]] of all.entries()) {
    await (index === 0 ? go(path) : turn(path))
    await page.getByText(seen).first().waitFor()
    await expect.poll(() => page.getByText(/^Loading /).count(), { timeout: 60_000 }).toBe(0)
    await look(path)
  }
}

async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  // The legend of a graph is Grafana's own: its buttons are labelled otherwise than they read.
  const found = await page.evaluate(() =>
    (window as any).axe.run({ exclude: [['[class*="LegendLabel"]']] })
  )
  return found.violations.map(
    (one: any) => `${one.id}: ${one.nodes.map((node: any) => node.html.slice(0, 160)).join(' | ')}`
  )
}

describe.skipIf(inject('world').skipped)('use', () => {
  test.each(['dark', 'light'] as const)('axe finds nothing on any page, %s', async theme => {
    const opened = await visitor({ theme })
    const found: string[] = []
    await eachPage(opened, async path => {
      found.push(...(await violations(opened.page)).map(one => `${path}: ${one}`))
    })
    expect(found).toEqual([])
    expect(opened.noise).toEqual([])
  })

  test.each([1280, 400])(
    'each page is usable at %i px: nothing is wider than the window or its cell',
    async width => {
      const opened = await visitor({ width })
      const wide: string[] = []
      await eachPage(opened, async path => {
        const found = await opened.page.evaluate(() =>
          [document.documentElement, ...document.querySelectorAll('td, dd')]
            .filter(one => one.scrollWidth > one.clientWidth)
            .map(one => (one.textContent ?? '').slice(0, 80))
        )
        wide.push(...found.map(text => `${path}: ${text}`))
      })
      expect(wide).toEqual([])
    }
  )

  test('Setup tells the version that is built', async () => {
    const { page, go } = await visitor()
    await go(`${APP}/setup`)
    const { version } = createRequire(import.meta.url)('../../package.json')
    await page.getByText('This app').waitFor()
    expect(await page.locator('dl', { hasText: 'This app' }).innerText()).toContain(version)
  })

  test('from Overview to the one who holds a seat, by keyboard alone', async () => {
    const { page, go } = await visitor()
    await go(`${APP}/servers`)
    await page.getByRole('link', { name: 'cad' }).waitFor()
    await tabTo(page, 'cad')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'drafty_render' }).waitFor()
    await tabTo(page, 'drafty_render')
    await page.keyboard.press('Enter')
    await page.getByText('Lines of capacity of drafty_render').waitFor()
    await holders(page).first().waitFor()
    expect(new URL(page.url()).pathname).toBe(feature)
  })

  test('links inside keep the time range, and lead to the dashboards with the names', async () => {
    const { page, go } = await visitor()
    await go(`${APP}/servers/server/cad?from=now-3h&to=now`)
    await page.getByRole('link', { name: 'drafty_render' }).click()
    await page.getByText('Lines of capacity of drafty_render').waitFor()
    expect(new URL(page.url()).searchParams.get('from')).toBe('now-3h')
    const href = await page
      .getByRole('link', { name: 'Dashboard “Feature usage”' })
      .getAttribute('href')
    const link = new URL(href!, 'http://grafana')
    expect(link.pathname).toBe('/d/iosetu-license-feature-app')
    expect(Object.fromEntries(link.searchParams)).toMatchObject({
      from: 'now-3h',
      'var-server': 'cad',
      'var-vendor': 'drafty',
      'var-feature': 'drafty_render',
    })
  })

  test('a link of a dashboard opens the page of what is chosen there', async () => {
    const { page, go } = await visitor()
    const chosen = 'var-server=cad&var-vendor=drafty&var-feature=drafty_render'
    await go(`${APP}/servers?from=now-3h&to=now&var-prometheus_datasource=prom&${chosen}`)
    await page.getByText('Lines of capacity of drafty_render').waitFor()
    const { pathname, searchParams } = new URL(page.url())
    expect(pathname).toBe(feature)
    expect(searchParams.get('from')).toBe('now-3h')
    expect(searchParams.get('var-datasource')).toBe('prom')
    expect(searchParams.has('var-server')).toBe(false)
  })

  test('checkouts are filtered, sorted and copied', async () => {
    const { page, go } = await visitor()
    await go(`${APP}/servers/server/cad`)
    const name = (await holders(page).first().textContent())!
    await page.getByLabel('Filter checkouts').fill(name)
    await page
      .getByText(/1–\d+ of \d+/)
      .last()
      .waitFor()
    await page.getByRole('button', { name: /^Copy \d+ checkouts?$/ }).click()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    const [head, ...lines] = copied.split('\n')
    expect(head).toMatch(/^User\tHost\t/)
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(line).toContain(name)
  })

  test('the key is in no answer, no storage and no script', async () => {
    const { page, go, grafana } = await visitor()
    const { key } = inject('world')
    await go(`${APP}/servers/server/cad`)
    await page.getByText('Checkouts, longest first').waitFor()
    await go(CONFIG)
    await page.getByText('Bundled dashboards').waitFor()
    const stored = await page.evaluate(
      () => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie
    )
    for (const text of [...grafana.sent, stored, await page.content()])
      expect(text).not.toContain(key)
  })

  test('the exporter is tested and the settings are kept', async () => {
    const { page, go, grafana } = await visitor()
    await go(CONFIG)
    await page.getByRole('button', { name: 'Save & test exporters' }).click()
    await page.getByText(/“exporter” answers: version .*, 6 license servers/).waitFor()
    await page.getByLabel('Exporter address').fill('exporter:8080')
    await page.getByText('“exporter:” is not spoken here').waitFor()
    expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true)
    expect(grafana.site.apiKey).toBe(inject('world').key)
  })
})

/** Who holds a seat of the demo, longest first: that depends on the hour. */
const holders = (page: Page) =>
  page.getByRole('table', { name: 'Checkouts, longest first' }).locator('tbody tr td:first-child')

/** Tab until the link of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab')
    const text = await page.evaluate(() =>
      document.activeElement?.tagName === 'A' ? document.activeElement.textContent : ''
    )
    if (text === name) return
  }
  throw new Error(`no link “${name}” was reached by Tab`)
}
