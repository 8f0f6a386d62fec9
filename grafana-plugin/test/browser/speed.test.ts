import type { Page } from '@playwright/test'
import { describe, expect, inject, test } from 'vitest'
import { fakeExporter } from './fake-exporter.mts'
import { APP, useBrowser, visitor } from './open.mts'

useBrowser()

/** The least of three rounds: what a machine that does other things besides adds is never negative. */
const ROUNDS = 3

interface Times {
  /** Milliseconds until the empty host page stood: Grafana's own share. */
  host: number
  /** Milliseconds from there until each of the texts was in the page: the app's share. */
  app: number[]
}

async function times(page: Page, texts: readonly string[]): Promise<Times> {
  return page.evaluate(
    async wanted => {
      const seen: number[] = []
      for (const text of wanted) {
        while (!document.body.innerText.includes(text)) await new Promise(requestAnimationFrame)
        seen.push(performance.now())
      }
      const host = performance.getEntriesByName('host is ready')[0]!.startTime
      return { host, app: seen.map(at => at - host) }
    },
    [...texts]
  )
}

const ms = (n: number) => `${Math.round(n)} ms`

/** Prints the best round, and gives the app's shares in units of the host's. */
function best(name: string, rounds: readonly Times[], texts: readonly string[]): number[] {
  const host = Math.min(...rounds.map(one => one.host))
  return texts.map((text, index) => {
    const app = Math.min(...rounds.map(one => one.app[index]!))
    const ratio = app / host
    console.log(
      `${name}, “${text}”: ${ms(app)} after the empty host (${ms(host)}), ratio ${ratio.toFixed(2)}`
    )
    return ratio
  })
}

describe.skipIf(inject('world').skipped)('speed', () => {
  test('Overview asks at most 15 queries, and takes less than the empty host page', async () => {
    const texts = ['License server routing is down']
    const rounds: Times[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const { page, go, grafana } = await visitor({ cold: true })
      await go(`${APP}/overview`)
      rounds.push(await times(page, texts))
      await page.waitForLoadState('networkidle')
      const asked = grafana.calls.filter(call => call.path.startsWith('/api/ds/query'))
      const queries = asked.flatMap(call => JSON.parse(call.body).queries)
      expect(queries.length).toBeLessThanOrEqual(15)
      await page.context().close()
    }
    expect(best('Overview', rounds, texts)[0]).toBeLessThan(1)
  })

  test('100,000 checkouts are shown while they are read, then paged and filtered', async () => {
    const exporter = await fakeExporter({ rows: 100_000 })
    // How many there are by the first look depends on how fast both sides are.
    const texts = ['1–50 of ', '1–50 of 100,000']
    const rounds: Times[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const { page, go } = await visitor({
        cold: true,
        jsonData: { exporterUrl: exporter.url },
      })
      await go(`${APP}/servers/server/cad`)
      rounds.push(await times(page, texts))
      const table = page.getByRole('table', { name: 'Checkouts, longest first' })
      expect(await table.locator('tbody tr').count()).toBe(50)
      const typed = Date.now()
      await page.getByLabel('Filter checkouts').fill('user-77777')
      await page.getByText('1–1 of 1').waitFor()
      if (round === 0) console.log(`the filter answered after ${ms(Date.now() - typed)}`)
      await page.context().close()
    }
    const [first, all] = best('100,000 checkouts', rounds, texts)
    expect(first).toBeLessThan(1)
    expect(all).toBeLessThan(3)
    await exporter.close()
  })
})
