import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { fakeExporter } from './fake-exporter.mts'
import { APP, CONFIG, useBrowser, visitor } from './open.mts'
import { type Exporter, type Program, startExporter, startPrometheus } from './programs.mts'

useBrowser()

/** The exporter takes 200 characters for a name; these have to survive addresses and selectors. */
const servers = [
  'studio "north" / 1.OG',
  'back\\slash|pipe+plus 100% $x {y}',
  'مرحبا ‮rtl‬',
  '..',
  'n'.repeat(200),
]
const feature = 'a/b%2F~7E"q"'

const lmstat = `lmutil - Copyright (c) 1989-2023 Flexera. All Rights Reserved.
Flexible License Manager status on Mon 3/2/2026 12:00

License server status: 27000@one.example
    License file(s) on one.example: /opt/flexlm/one.lic:

one.example: license server UP (MASTER) v11.19.5

Vendor daemon status (on one.example):

  odd: UP v11.19.5
Feature usage info:

Users of ${feature}:  (Total of 12 licenses issued;  Total of 1 license in use)

  "${feature}" v2026.1, vendor: odd, expiry: 30-jun-2036
  floating license

    <b>ada</b> host01 /dev/tty (v2025.2) (one.example/27000 101), start Mon 3/2 7:04

`

describe.skipIf(inject('world').skipped)('an unusual world', () => {
  let folder: string
  let odd: Exporter
  let none: Exporter
  let prometheus: Program
  let empty: Program

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'license-app-odd-'))
    const file = join(folder, 'lmstat.txt')
    writeFileSync(file, lmstat)
    const table = (name: string) =>
      `[[server]]\nname = ${JSON.stringify(name)}\nmanager = "flexlm"\nread = "${file}"\nmax_age = "31d"\n`
    odd = await startExporter(servers.map(table).join(''))
    none = await startExporter('')
    prometheus = await startPrometheus([odd.url], 'license_feature_seats_used')
    empty = await startPrometheus([none.url])
  })
  afterAll(async () => {
    await Promise.all([odd, none, prometheus, empty].map(one => one?.close()))
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(servers)(
    'a license server and its feature are found by their names: %s',
    async name => {
      const { page, go, noise, grafana } = await visitor({
        prometheus: prometheus.url,
        apiKey: odd.key,
        jsonData: { exporterUrl: odd.url },
      })
      await go(`${APP}/servers`)
      await page.getByRole('link', { name, exact: true }).click()
      await page.getByRole('table', { name: `Features of ${name}` }).waitFor()
      await page.getByRole('link', { name: feature, exact: true }).first().click()
      await page.getByText(`Lines of capacity of ${feature}`).waitFor()
      // Names are text, never markup.
      await page.getByRole('cell', { name: '<b>ada</b>' }).waitFor()
      await page.reload()
      await page.getByRole('cell', { name: '<b>ada</b>' }).waitFor()
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(wide).toBeLessThanOrEqual(1280)
      expect(grafana.calls.filter(call => call.status >= 400)).toEqual([])
      expect(noise).toEqual([])
    }
  )

  test('an exporter without license servers is no good news and no error', async () => {
    const { page, go, noise } = await visitor({ prometheus: empty.url })
    await go(`${APP}/servers`)
    await page.getByText('No license server is read').waitFor()
    await page.getByText('The exporter has no [[server]] in its configuration').waitFor()
    await go(`${APP}/setup`)
    await page.getByText('no license server is configured, or none was read yet').waitFor()
    await go(`${APP}/renewals`)
    await page.getByText('No lines of capacity are told').waitFor()
    await go(`${APP}/overview`)
    await page.getByText(/0 license servers/).waitFor()
    expect(noise).toEqual([])
  })

  test('the lists of several exporters are one, and one that is down costs its own rows', async () => {
    const world = inject('world')
    const second = await fakeExporter({ rows: 3 })
    const third = await fakeExporter({ refuse: 503 })
    const sites: Record<string, string> = {
      '/berlin': world.exporter,
      '/oslo': second.url,
      '/rome': third.url,
    }
    // As the shipped nginx does it: one address, a path for each exporter.
    const front = createServer((request, response) => {
      const [, site = '', rest = ''] = /^(\/\w+)(.*)$/.exec(request.url!) ?? []
      const headers = { authorization: request.headers.authorization ?? '' }
      fetch(sites[site] + rest, { headers }).then(
        async answer => {
          response.writeHead(answer.status, { 'content-type': 'application/json' })
          response.end(await answer.text())
        },
        () => response.writeHead(502).end()
      )
    })
    await new Promise<void>(done => front.listen(0, '127.0.0.1', done))
    const { page, go } = await visitor({
      jsonData: {
        exporterUrl: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
        exporters: ['Berlin', 'Oslo', 'Rome'].map(name => ({ name, path: name.toLowerCase() })),
      },
    })
    await go(`${APP}/servers/server/cad`)
    await page.getByText('“Rome” cannot be reached from Grafana (503).').waitFor()
    const table = page.getByRole('table', { name: 'Checkouts, longest first' })
    await table.getByRole('columnheader', { name: 'Exporter' }).waitFor()
    for (const [site, rows] of [
      ['Oslo', /^1–3 of 3$/],
      ['Berlin', /^1–\d+ of \d\d+$/],
    ] as const) {
      await page.getByLabel('Filter checkouts').fill(site)
      await page.getByText(rows).last().waitFor()
      await table.getByRole('cell', { name: site }).first().waitFor()
    }
    await go(CONFIG)
    await page.getByRole('button', { name: 'Save & test exporters' }).click()
    await page.getByText(/“Berlin” answers: version .*, 6 license servers/).waitFor()
    await page.getByText(/“Oslo” answers/).waitFor()
    await page.getByText('“Rome” cannot be reached from Grafana (503).').waitFor()
    await Promise.all([second.close(), third.close()])
    front.closeAllConnections()
    front.close()
  })
})
