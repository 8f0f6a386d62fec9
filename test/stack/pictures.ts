import { mkdirSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { dashboards } from '../../dashboards/index.ts'
import { tool } from '../needs.ts'
import { absent } from './absent.ts'
import { checks } from './checks.ts'
import { address, startExporters } from './exporters.ts'
import { panelsOf, type Times } from './expressions.ts'
import { drawn } from './frames.ts'
import { startPrometheus } from './prometheus.ts'

/**
 * A picture of every dashboard from live data, into docs/images.
 *   node test/stack/pictures.ts [NAME…]
 * With GRAFANA_URL (and GRAFANA_USER, GRAFANA_PASSWORD) of a Grafana that has the dashboards and
 * their data sources: its own panels; fails on a panel error, and on "No data" that is not expected.
 * Without one the answers of a real Prometheus are drawn by test/stack/frames.ts.
 */
/** What the demo as it comes has nothing to show for; real-series.ts reaches them. */
const whileWell = [
  'own/13 Grace ends in',
  'own/21 What is wrong',
  // Their first point comes with the first full hour, and the demo is minutes old.
  'own/24 Checks',
  'feature/22 Hours at or above N seats',
  'capacity/30 Peak of each hour against issued',
  'capacity/33 Mean use of the seats by vendor',
  'server/24 Features with',
  'events/31 Refused users',
]
const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url))
const names = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(dashboards)
/** States have no past in the demo, only what logs tell has. */
const fresh = ['server', 'exporter', 'own']
const executablePath = process.env.CHROMIUM_BIN ?? tool('chromium')
const results = checks()

if (!executablePath) console.log('0 passed, 0 failed, 1 skipped')
else {
  mkdirSync(folder, { recursive: true })
  const args = ['--no-sandbox', '--disable-gpu']
  const browser = await chromium.launch({ executablePath, args })
  try {
    if (process.env.GRAFANA_URL) await ofGrafana(browser, process.env.GRAFANA_URL)
    else await ofFrames(browser)
  } finally {
    await browser.close()
  }
  results.end()
}

/** 38 pixels a row: panels are drawn when they come into view. */
function heightOf(name: string): number {
  const ends = panelsOf(name).map(({ gridPos }) => (gridPos?.y ?? 0) + (gridPos?.h ?? 0))
  return 38 * Math.max(...ends) + 300
}

async function picture(page: Page, name: string): Promise<void> {
  const path = `${folder}${name}.png`
  // What two screens show: the whole of the longest would be unreadable on a page.
  const { width = 1280, height = 1500 } = page.viewportSize() ?? {}
  const clip = { x: 0, y: 0, width, height: Math.min(height - 150, 1500) }
  await page.screenshot({ path, clip })
  const kilobytes = Math.round(statSync(path).size / 1000)
  results.check(kilobytes < 300, `${name}.png has ${kilobytes} kB`)
}

async function ofGrafana(browser: Browser, url: string): Promise<void> {
  const { GRAFANA_USER: user = 'admin', GRAFANA_PASSWORD: password = 'admin' } = process.env
  const context = await browser.newContext()
  context.setDefaultTimeout(180_000)
  const page = await context.newPage()
  await page.request.post(`${url}/login`, { data: { user, password } })
  for (const name of names) {
    const panels = panelsOf(name)
    await page.setViewportSize({ width: 1280, height: Math.min(heightOf(name), 4200) })
    await page.goto(
      `${url}/d/${dashboards[name]?.uid}?${fresh.includes(name) ? 'from=now-15m&to=now&' : ''}kiosk`,
    )
    await page.waitForLoadState('networkidle')
    for (const { title } of panels) {
      await page.getByTestId(`data-testid Panel header ${title}`).first().waitFor()
    }
    await page.waitForFunction(`!document.querySelector('[aria-label="Panel loading bar"]')`)
    await sleep(1500)
    for (const { id, title } of panels) {
      const where = `${name}/${id} ${title}`
      const panel = page.locator(`[data-viz-panel-key="panel-${id}"]`)
      const errors = await panel.getByTestId('data-testid Panel status error').count()
      const broken = await panel.getByText('An unexpected error happened').count()
      results.check(errors + broken === 0, `${where} shows no error`)
      const empty = (await panel.getByText('No data', { exact: true }).count()) > 0
      const expected = [...absent.map(entry => entry.where), ...whileWell]
      results.check(!empty || expected.some(one => where.startsWith(one)), `${where} shows data`)
    }
    await picture(page, name)
  }
}

async function ofFrames(browser: Browser): Promise<void> {
  const program = process.env.PROMETHEUS_BIN ?? tool('prometheus')
  if (!program) return
  const exporters = await startExporters()
  const prometheus = await startPrometheus(program, 'prometheus.yml', [
    { job: 'iosetu-license-exporter', targets: [address(exporters.demo)] },
  ])
  const times: Times = { interval: '15s', rateInterval: '15s', range: '10m', hour: '5s' }
  try {
    await sleep(Number(process.env.STACK_SECONDS ?? 90) * 1000)
    const page = await browser.newPage()
    for (const name of names) {
      if (name === 'events') continue
      const { html, silent } = await drawn(name, prometheus, times)
      for (const where of silent) {
        const expected = [...absent.map(entry => entry.where), ...whileWell]
        results.check(
          expected.some(one => where.startsWith(one)),
          `${where} shows no data`,
        )
      }
      await page.setViewportSize({ width: 1440, height: Math.min(heightOf(name) - 200, 1800) })
      await page.setContent(html)
      results.check((await page.locator('.panel').count()) > 0, `${name} is drawn`)
      await picture(page, name)
    }
  } finally {
    await prometheus.close()
    await exporters.close()
  }
}
