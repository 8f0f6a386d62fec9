import type { Locator, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { featureName, serveSite, serverName, type Size } from './large-site.mts'
import { APP, useBrowser, visitor } from './open.mts'
import { type Program, startPrometheus } from './programs.mts'

useBrowser()

/** The least of two rounds: what a machine that does other things besides adds is never negative. */
const ROUNDS = 2
/** Rows of one page of a table. */
const PAGE = 50

interface Look {
  name: string
  path: string
  /** The long list of the page, if it has one, and words that one row of it has. */
  table?: string
  find?: string
  /** Something else that is seen when the page is usable. */
  seen?: string
  /** At most so many times what the empty host page takes, and so much is asked for. */
  ratio: number
  megabytes: number
}

const server = `${APP}/servers/server/${serverName(0)}`
const features = `Features of ${serverName(0)}`
const pools = 'Lines of capacity, the next to end first'
const overview: Look = {
  name: 'Overview',
  path: `${APP}/overview`,
  table: 'What needs attention now',
  ratio: 4,
  megabytes: 4,
}
const feature: Look = {
  name: 'a feature',
  path: `${server}/feature/vendor/${featureName(3)}`,
  seen: `Lines of capacity of ${featureName(3)}`,
  ratio: 1.5,
  megabytes: 0.1,
}
const setup: Look = {
  name: 'Setup',
  path: `${APP}/setup`,
  seen: 'license_server_up',
  ratio: 2.5,
  megabytes: 1,
}
const renewals: Look = {
  name: 'Renewals',
  path: `${APP}/renewals`,
  table: pools,
  find: featureName(3),
  ratio: 6,
  megabytes: 60,
}

const sites: Array<[size: Size, looks: Look[]]> = [
  [
    { servers: 1000, features: 20 },
    [
      { ...overview, find: `${serverName(7)} down` },
      {
        name: 'Servers',
        path: `${APP}/servers`,
        table: 'License servers',
        find: serverName(42),
        ratio: 2,
        megabytes: 3,
      },
      { name: 'a server', path: server, seen: features, ratio: 1.5, megabytes: 0.1 },
      feature,
      { ...renewals, find: `${serverName(42)} ${featureName(3)}` },
      setup,
    ],
  ],
  [
    { servers: 1, features: 20_000 },
    [
      overview,
      {
        name: 'a server',
        path: server,
        table: features,
        find: featureName(12_345),
        ratio: 6,
        megabytes: 35,
      },
      feature,
      renewals,
      setup,
    ],
  ],
]

interface Seen {
  /** Milliseconds until the empty host page stood: Grafana's own share. */
  host: number
  /** Milliseconds from there until the first rows were in the page: the app's share. */
  app: number
}

async function timeOf(page: Page, text: string): Promise<Seen> {
  return page.evaluate(async wanted => {
    while (!document.body.innerText.includes(wanted)) await new Promise(requestAnimationFrame)
    const now = performance.now()
    const host = performance.getEntriesByName('host is ready')[0]!.startTime
    return { host, app: now - host }
  }, text)
}

/** Milliseconds until the filter answered, and until the next page stood. */
async function use(list: Locator, find: string | undefined): Promise<string> {
  const began = Date.now()
  await list.getByRole('button', { name: 'Next' }).click()
  await list.getByText(`${PAGE + 1}–${2 * PAGE} of `).waitFor()
  const turned = Date.now()
  if (!find) return `page turned in ${turned - began} ms`
  await list.getByLabel(/^Filter/).fill(find)
  await list.getByText('1–1 of 1').waitFor()
  return `page turned in ${turned - began} ms, filtered in ${Date.now() - turned} ms`
}

/** Megabytes of all answers to queries, and of what JavaScript holds. */
async function weight(page: Page): Promise<{ asked: number; heap: number }> {
  await page.waitForLoadState('networkidle')
  const asked = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(one => one.name.includes('/api/ds/query'))
      .reduce((sum, one) => sum + one.encodedBodySize, 0)
  )
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return { asked: asked / 1e6, heap: usedSize / 1e6 }
}

describe.skipIf(inject('world').skipped).each(sites)(
  'a site of $servers × $features',
  (size, looks) => {
    let site: Program
    let prometheus: Program
    beforeAll(async () => {
      site = await serveSite(size)
      prometheus = await startPrometheus([site.url], 'license_pool_info', '15s')
    })
    afterAll(async () => {
      await Promise.all([site?.close(), prometheus?.close()])
    })

    test.each(looks)('$name is usable, and asks for no more than it shows', async look => {
      const { name, path, table, find, seen } = look
      const rounds: Seen[] = []
      for (let round = 0; round < ROUNDS; round++) {
        const { page, go, noise } = await visitor({ cold: true, prometheus: prometheus.url })
        await go(path)
        rounds.push(await timeOf(page, seen ?? `1–${PAGE} of `))
        if (round === 0) {
          // What the first rows did not wait for.
          await expect
            .poll(() => page.getByText('…', { exact: true }).count(), { timeout: 60_000 })
            .toBe(0)
          const list = page.getByRole('region', { name: table ?? '', exact: true })
          const used = table ? await use(list, find) : ''
          const { asked, heap } = await weight(page)
          console.log(`${name}: ${asked.toFixed(2)} MB asked, heap ${heap.toFixed(0)} MB ${used}`)
          expect(asked).toBeLessThan(look.megabytes)
          expect(heap).toBeLessThan(250)
          for (const body of await page.locator('tbody').all())
            expect(await body.locator('tr').count()).toBeLessThanOrEqual(PAGE)
          expect(noise).toEqual([])
        }
        await page.context().close()
      }
      const host = Math.min(...rounds.map(one => one.host))
      const app = Math.min(...rounds.map(one => one.app))
      const ratio = app / host
      console.log(
        `${name}: ${Math.round(app)} ms after the empty host (${Math.round(host)} ms), ratio ${ratio.toFixed(2)}`
      )
      expect(ratio).toBeLessThan(look.ratio)
    })
  }
)
