import { expect, test } from './fixtures'

const pages = ['overview', 'servers', 'renewals', 'license', 'events', 'setup']

for (const name of pages) {
  test(`${name} opens without a word in the console`, async ({ goto, page, noise }) => {
    await goto(`/${name}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.getByText(/^Loading /)).toHaveCount(0, { timeout: 30_000 })
    expect(noise).toEqual([])
  })
}

test('a server and its features are a click away', async ({ goto, page }) => {
  await goto('/servers')
  await page
    .getByRole('table', { name: 'License servers' })
    .getByRole('link', { name: 'cad' })
    .click()
  await page.getByRole('link', { name: 'drafty_render' }).click()
  await expect(page.getByText('Lines of capacity of drafty_render')).toBeVisible()
  await expect(page.getByText('Checkouts, longest first')).toBeVisible()
})
