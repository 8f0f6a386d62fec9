import { expect, id, test } from './fixtures'

test('provisioning enabled the app, and it is loaded', async ({ request }) => {
  const settings = await (await request.get(`/api/plugins/${id}/settings`)).json()
  expect(settings.enabled).toBe(true)
  expect(['unsigned', 'valid', 'internal']).toContain(settings.signature)
  expect(JSON.stringify(settings)).not.toContain('secureJsonData"')
})

test('every bundled dashboard is imported, at its newest revision', async ({ request }) => {
  const list = await (await request.get(`/api/plugins/${id}/dashboards`)).json()
  expect(list.length).toBeGreaterThanOrEqual(8)
  for (const one of list) {
    expect(one.imported, one.title).toBe(true)
    expect(one.importedRevision, one.title).toBe(one.revision)
  }
})

test('no panel of a bundled dashboard is broken', async ({ page, request }) => {
  test.setTimeout(600_000)
  const list = await (await request.get(`/api/plugins/${id}/dashboards`)).json()
  for (const { importedUrl, importedUri, title } of list) {
    // Panels load as they are seen: the window is as tall as the dashboard.
    await page.setViewportSize({ width: 1400, height: 4000 })
    await page.goto(importedUrl || `/${importedUri}`)
    await expect(page.locator('[data-viz-panel-key]').nth(3), title).toBeVisible()
    await page.waitForLoadState('networkidle')
    await expect(page.getByTestId('data-testid Panel status error'), title).toHaveCount(0)
    await expect(page.getByText('An unexpected error happened'), title).toHaveCount(0)
  }
})
