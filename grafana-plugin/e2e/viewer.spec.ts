import { request as requests } from '@playwright/test'
import { expect, id, test } from './fixtures'

test('a Viewer sees the pages and no names, and the proxy refuses him', async ({
  browser,
  request,
  baseURL,
}) => {
  const login = `viewer-${Date.now()}`
  const made = await request.post('/api/admin/users', {
    data: {
      name: login,
      login,
      password: 'viewer-password',
      email: `${login}@example.com`,
      OrgId: 1,
    },
  })
  const { id: user } = await made.json()
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } })
  const page = await context.newPage()
  await page.request.post('/login', { data: { user: login, password: 'viewer-password' } })
  await page.goto(`/a/${id}/servers/server/cad`)
  await expect(page.getByText('shown to Editors and Admins only')).toBeVisible()
  const answer = await page.request.get(`/api/plugin-proxy/${id}/exporter/api/v1/checkouts`)
  expect(answer.status()).toBe(403)
  const anonymous = await requests.newContext({
    baseURL,
    storageState: { cookies: [], origins: [] },
  })
  expect((await anonymous.get(`/api/plugin-proxy/${id}/exporter/api/v1/checkouts`)).status()).toBe(
    401
  )
  await anonymous.dispose()
  await context.close()
  await request.delete(`/api/admin/users/${user}`)
})
