import { describe, expect, inject, test } from 'vitest'
import { APP, CONFIG, useBrowser, visitor } from './open.mts'
import { fakeExporter } from './fake-exporter.mts'

useBrowser()

const cad = `${APP}/servers/server/cad`

describe.skipIf(inject('world').skipped)('states', () => {
  test('a page says that it loads, and then shows what came', async () => {
    let release = () => {}
    const held = new Promise<void>(done => (release = done))
    const { page, go } = await visitor({ onQuery: () => held.then(() => undefined) })
    await go(`${APP}/servers`)
    await page.getByText('Loading the license servers').waitFor()
    release()
    await page.getByRole('link', { name: 'routing' }).waitFor()
  })

  test('a Prometheus without license series is not taken for good news', async () => {
    const { page, go } = await visitor({ onQuery: async () => 'empty' })
    await go(`${APP}/overview`)
    await page.getByText('No license series arrive in this data source').waitFor()
    await page.getByText('This does not mean that all is well').waitFor()
    await page.getByRole('link', { name: 'Open Setup' }).click()
    await page.getByText('no exporter is scraped').waitFor()
  })

  test.each([
    [403, 'You may not query this data source'],
    [404, 'The data source is not there any more'],
    [502, 'Prometheus does not answer'],
  ])('a query that ends in %i is a sentence and a way on', async (status, sentence) => {
    const { page, go } = await visitor({ onQuery: async () => ({ status, message: 'no' }) })
    await go(`${APP}/overview`)
    await page.getByText(sentence).first().waitFor()
  })

  test.each([
    [[], {}, 'There is no Prometheus data source'],
    [
      [{ uid: 'x', name: 'Logs', type: 'loki' }],
      { prometheusUid: 'x' },
      'is a loki, not a Prometheus',
    ],
    [
      [{ uid: 'prom', name: 'P', type: 'prometheus' }],
      { prometheusUid: 'gone' },
      'is gone, or you may not see it',
    ],
  ])('a data source that cannot serve is told (%#)', async (sources, jsonData, sentence) => {
    const { page, go } = await visitor({ sources, jsonData })
    await go(`${APP}/overview`)
    await page.getByText(sentence).waitFor()
    expect(
      await page.getByRole('link', { name: 'Open the configuration' }).getAttribute('href')
    ).toBe(CONFIG)
  })

  test.each([
    [-3700, 'The clock of this computer is 1 hour ahead of the clock of Grafana'],
    [3700, 'The clock of this computer is 1 hour behind the clock of Grafana'],
  ])('clocks %i s apart are told', async (clockSeconds, sentence) => {
    const { page, go } = await visitor({ clockSeconds })
    await go(`${APP}/servers`)
    await page.getByText(sentence).waitFor()
    await page.getByRole('link', { name: 'routing' }).waitFor()
  })

  test('a Viewer is told who may see names, and nothing is asked for', async () => {
    const { page, go, grafana, noise } = await visitor({ role: 'Viewer' })
    await go(cad)
    await page.getByText('shown to Editors and Admins only').waitFor()
    expect(grafana.calls.filter(call => call.path.includes('plugin-proxy'))).toEqual([])
    expect(await page.content()).not.toMatch(/ws-0\d\d/)
    expect(noise).toEqual([])
  })

  test('the proxy refuses a Viewer who asks by hand', async () => {
    const { page, go } = await visitor({ role: 'Viewer' })
    await go(`${APP}/overview`)
    const status = await page.evaluate(
      async () =>
        (await fetch('/api/plugin-proxy/iosetu-license-app/exporter/api/v1/checkouts')).status
    )
    expect(status).toBe(403)
  })

  test.each([
    [
      'unreachable',
      async () => ({ url: 'http://127.0.0.1:9', close: async () => {} }),
      'cannot be reached from Grafana',
    ],
    ['answering HTML', () => fakeExporter({ html: true }), 'it answers with a web page'],
    [
      'of an older interface',
      () => fakeExporter({ status: { version: '0.0.1', api: 0 } }),
      'is too old for this page',
    ],
    [
      'without the interface',
      () => fakeExporter({ missing: true }),
      'it is too old, or the path is wrong',
    ],
    ['dropping names', () => fakeExporter({ live: 'drop' }), 'drops the names of users and hosts'],
    ['of a key without users', () => fakeExporter({ scopes: ['read'] }), 'lacks the scope users'],
    ['asked too often', () => fakeExporter({ refuse: 429 }), 'was asked too often'],
  ])('an exporter %s is told', async (_, start, sentence) => {
    const exporter = await start()
    const { page, go } = await visitor({ jsonData: { exporterUrl: exporter.url } })
    await go(cad)
    await page.getByText(sentence).first().waitFor()
    await exporter.close()
  })

  test('an exporter that is slow says that it loads, and leaves the rest of the page usable', async () => {
    let release = () => {}
    const held = new Promise<void>(done => (release = done))
    const exporter = await fakeExporter({ wait: held })
    const { page, go } = await visitor({ jsonData: { exporterUrl: exporter.url } })
    await go(cad)
    await page.getByText('Loading checkouts').waitFor()
    await page.getByRole('table', { name: 'Features of cad' }).waitFor()
    release()
    await page.getByText('Checkouts, longest first').first().waitFor()
    await exporter.close()
  })

  test('settings that only administrators may save are refused in a sentence', async () => {
    const { page, go } = await visitor({ role: 'Editor' })
    await go(CONFIG)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Only administrators may save it (403).').waitFor()
  })

  test('a dashboard that is missing or old is told, and what brings it', async () => {
    const { page, go } = await visitor({
      dashboards: { 'Licenses / Overview': 'not imported', 'Licenses / Renewals': 'old' },
    })
    await go(CONFIG)
    const table = page.getByRole('table', { name: 'Bundled dashboards' })
    await table.getByRole('row', { name: /Licenses \/ Overview .*not imported/ }).waitFor()
    await table.getByRole('row', { name: /Licenses \/ Renewals .*an older revision/ }).waitFor()
    // Six, and the one that is not.
    expect(await table.getByText(/ imported$/).count()).toBe(7)
    const link = table.getByRole('link', { name: 'Licenses / Server' })
    expect(await link.getAttribute('href')).toBe('/d/iosetu-license-server-app')
    await page.getByText('disable the app and enable it again').waitFor()
  })

  test('a state of the dashboards that Grafana does not tell is no error of the page', async () => {
    const { page, go } = await visitor({ dashboards: 'forbidden' })
    await go(CONFIG)
    await page.getByText('Grafana does not tell the state of the dashboards.').waitFor()
    await page.getByRole('table', { name: 'Groups of alert rules' }).waitFor()
  })

  test('a refused key is told', async () => {
    const { page, go } = await visitor({ apiKey: 'wrong-key' })
    await go(cad)
    await page.getByText('refuses the key (401').waitFor()
  })

  test('a name of anything is text', async () => {
    // 200 characters are the most that the exporter takes for a name.
    const name = `a/b "c" \\ <img src=x> $x {} ‮${'n'.repeat(180)}`.slice(0, 200)
    const { page, go, grafana, noise } = await visitor()
    const { toSegment } = await import('../../src/shared/links.ts')
    await go(`${APP}/servers/server/${toSegment(name)}`)
    await page.getByText('No license server “a/b "c"').waitFor()
    expect(
      grafana.calls.filter(call => call.path.startsWith('/api/ds/query') && call.status !== 200)
    ).toEqual([])
    expect(noise).toEqual([])
  })
})
