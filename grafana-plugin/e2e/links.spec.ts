import { expect, id, test } from './fixtures'

const server = '/d/iosetu-license-server-app'

test('the menu of a panel leads to the page of the server that it shows', async ({ page }) => {
  await page.goto(`${server}?var-server=cad&from=now-3h&to=now`)
  const panel = page.locator('[data-viz-panel-key]').filter({ hasText: 'Vendor daemons' }).first()
  await panel.hover()
  await panel.getByRole('button', { name: 'Menu for panel Vendor daemons' }).click()
  await page.getByRole('menuitem', { name: 'Extensions' }).hover()
  await page.getByRole('menuitem', { name: 'IOSetu License' }).hover()
  await page.getByRole('menuitem', { name: 'Open in IOSetu License' }).click()
  await expect(page).toHaveURL(new RegExp(`/a/${id}/servers/server/cad\\?.*from=now-3h`))
  await expect(page.getByText('Features of cad').first()).toBeVisible()
})

test('a dashboard leads into the app, and the app back to it, with the names', async ({ page }) => {
  await page.goto(`${server}?var-server=cad&from=now-3h&to=now`)
  await page.getByRole('link', { name: 'Servers in the app' }).click()
  await expect(page).toHaveURL(new RegExp(`/a/${id}/servers/server/cad\\?`))
  await page.getByRole('link', { name: 'Dashboard “License server”' }).click()
  await expect(page).toHaveURL(new RegExp(`${server}.*var-server=cad`))
  expect(new URL(page.url()).searchParams.get('from')).toBe('now-3h')
})

test('the command palette opens the renewals', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'Search...' }).click()
  await page.getByPlaceholder('Search or jump to...').fill('License renewals')
  await page.getByText('License renewals: what expires').first().click()
  await expect(page).toHaveURL(new RegExp(`/a/${id}/renewals`))
})
