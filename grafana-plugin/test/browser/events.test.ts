import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { startLoki } from './loki.mts'
import { APP, CONFIG, useBrowser, visitor } from './open.mts'
import { type Exporter, startExporter, until } from './programs.mts'

useBrowser()

const sources = [
  { uid: 'prom', name: 'Prometheus', type: 'prometheus', isDefault: true },
  { uid: 'logs', name: 'Loki', type: 'loki' },
]

describe.skipIf(inject('world').skipped)('events from Loki', () => {
  let folder: string
  let loki: Awaited<ReturnType<typeof startLoki>>
  let exporter: Exporter

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'license-app-events-'))
    loki = await startLoki()
    const file = join(folder, 'not-there.txt')
    const table = (name: string) =>
      `[[server]]\nname = ${JSON.stringify(name)}\nmanager = "flexlm"\nread = "${file}"\n`
    writeFileSync(file, 'not what lmstat says\n')
    exporter = await startExporter(
      `${['first', 'a "b" / c'].map(table).join('')}[otlp]\nendpoint = "${loki.url}/otlp"\n`
    )
    await until(async () => loki.lines() >= 2, 60_000, 'no event arrived')
  })
  afterAll(async () => {
    await Promise.all([exporter?.close(), loki?.close()])
    rmSync(folder, { recursive: true, force: true })
  })

  const withLoki = (more = {}) =>
    visitor({ sources, loki: loki.url, jsonData: { lokiUid: 'logs' }, ...more })

  test('are told to a Viewer too, newest first, with a link to the license server', async () => {
    const { page, go, grafana, noise } = await withLoki({ role: 'Viewer' })
    await go(`${APP}/events?from=now-1h&to=now`)
    const table = page.getByRole('table', { name: 'Events from Loki, newest first' })
    const row = table.getByRole('row', { name: /exporter\.collect_failed/ })
    await row.first().waitFor()
    expect(await row.count()).toBe(2)
    await row.getByText('License server could not be read').first().waitFor()
    const link = table.getByRole('link', { name: 'a "b" / c' })
    const href = new URL((await link.getAttribute('href'))!, grafana.url)
    expect(href.pathname).toBe(`${APP}/servers/server/a~20~22b~22~20~2F~20c`)
    expect(href.searchParams.get('from')).toBe('now-1h')
    expect(loki.asked.at(-1)).toContain('service_name=~"iosetu-license-exporter.*"')
    expect(grafana.calls.filter(call => call.path.includes('plugin-proxy'))).toEqual([])
    expect(noise).toEqual([])
  })

  test('a time range without events says so', async () => {
    const { page, go } = await withLoki()
    await go(`${APP}/events?from=now-2d&to=now-1d`)
    await page.getByText('No events in this time range').waitFor()
  })

  test('a Loki that does not answer is a sentence and a way on', async () => {
    const { page, go } = await withLoki({ loki: 'http://127.0.0.1:9' })
    await go(`${APP}/events`)
    await page.getByText(/Loki does not answer, so the events cannot be shown/).waitFor()
  })

  test.each([
    [[sources[0]!], 'The configured Loki data source is gone, or you may not see it.'],
    [
      [sources[0]!, { ...sources[1]!, type: 'tempo' }],
      'The configured data source “Loki” is a tempo, not a Loki.',
    ],
  ])('a data source that cannot serve is told (%#)', async (list, sentence) => {
    const { page, go } = await withLoki({ sources: list })
    await go(`${APP}/events`)
    await page.getByText(sentence).waitFor()
    const link = page.getByRole('link', { name: 'Open the configuration' })
    expect(await link.getAttribute('href')).toBe(CONFIG)
  })
})
