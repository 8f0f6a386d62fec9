import type { Page } from '@playwright/test'
import { describe, expect, inject, test } from 'vitest'
import { CONFIG, useBrowser, visitor } from './open.mts'

useBrowser()

const slow = { timeout: 60_000 }
const folder = 'iosetu-license-app-alerts'

/** How many groups stand in this state. */
const groups = (page: Page, state: 'installed' | 'differs' | 'missing') =>
  page
    .getByRole('table', { name: 'Groups of alert rules' })
    .locator('tbody')
    .getByText(new RegExp(` ${state}$`))
    .count()

async function install(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Install (and update )?alert rules$/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Install' }).click()
}

async function installed(page: Page): Promise<void> {
  await install(page)
  await expect.poll(() => groups(page, 'installed'), slow).toBe(6)
}

describe.skipIf(inject('world').skipped)('alert rules', () => {
  test('rules are installed, a change by hand shows, and they are removed', async () => {
    const { page, go, grafana, noise } = await visitor()
    await go(CONFIG)
    await page.getByRole('button', { name: 'Install alert rules' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('The folder “License alerts (app)” is made.').waitFor()
    await dialog.getByText(/Added: .*license-servers/).waitFor()
    expect(grafana.rules.groups.size).toBe(0)
    await dialog.getByRole('button', { name: 'Install' }).click()
    const table = page.getByRole('table', { name: 'Groups of alert rules' })
    await expect.poll(() => groups(page, 'installed'), slow).toBe(6)
    expect(grafana.rules.folders.size).toBe(1)
    const firsts = grafana.calls.filter(call => call.method !== 'GET' && /folder/.test(call.path))
    expect(firsts[0]!.path).toBe('/api/folders')
    const group = grafana.rules.groups.get('license-servers')!
    group.rules[0]!.labels = { severity: 'none' }
    await go(CONFIG)
    await page.getByText('LicenseServerDown: the labels').waitFor()
    await page.getByRole('button', { name: 'Install and update alert rules' }).click()
    await page.getByText('Overwritten, changes by hand too: license-servers').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Install' }).click()
    await expect.poll(() => groups(page, 'installed'), slow).toBe(6)
    await page.getByRole('button', { name: 'Remove alert rules' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await expect.poll(() => groups(page, 'missing'), slow).toBe(6)
    expect(grafana.rules.groups.size).toBe(0)
    expect(noise).toEqual([])
  })

  test('a rule that a file provisioned is told as read-only', async () => {
    const { page, go, grafana } = await visitor()
    grafana.rules.provisioned.add('license-servers')
    await go(CONFIG)
    await page.getByRole('button', { name: 'Install alert rules' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Install' }).click()
    await page
      .getByText('A rule of the group “license-servers” was provisioned from a file')
      .waitFor()
    // Those before it are there, and say so.
    const table = page.getByRole('table', { name: 'Groups of alert rules' })
    await expect.poll(() => groups(page, 'installed'), slow).toBeGreaterThan(0)
    await table.getByRole('row', { name: /license-servers .* missing/ }).waitFor()
  })

  test('a folder that was deleted by hand is told, and made anew', async () => {
    const { page, go, grafana } = await visitor()
    await go(CONFIG)
    await installed(page)
    // Grafana keeps rules whose folder is gone, and evaluates none of them.
    grafana.rules.folders.delete(folder)
    await go(CONFIG)
    await page.getByText('its folder was deleted: Grafana does not evaluate it').first().waitFor()
    expect(await groups(page, 'differs')).toBe(6)
    await installed(page)
    expect([...grafana.rules.folders]).toEqual([[folder, 'License alerts (app)']])
    // Deleted together with its rules.
    grafana.rules.folders.delete(folder)
    grafana.rules.groups.clear()
    await go(CONFIG)
    await expect.poll(() => groups(page, 'missing'), slow).toBe(6)
    await installed(page)
  })

  test('a folder that was renamed by hand keeps its name', async () => {
    const { page, go, grafana } = await visitor()
    await go(CONFIG)
    await installed(page)
    grafana.rules.folders.set(folder, 'Studio alerts')
    grafana.rules.groups.delete('license-servers')
    await go(CONFIG)
    await page.getByText('in the folder “Studio alerts”').waitFor()
    expect(await groups(page, 'installed')).toBe(5)
    await page.getByRole('button', { name: 'Install alert rules' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Rules are written into the folder “Studio alerts”.').waitFor()
    await dialog.getByText('Added: license-servers.').waitFor()
    await dialog.getByRole('button', { name: 'Install' }).click()
    await expect.poll(() => groups(page, 'installed'), slow).toBe(6)
    expect(grafana.rules.folders.get(folder)).toBe('Studio alerts')
  })

  test.each([
    ['read', 'You may not read alert rules there (403).'],
    ['folder', 'You may not make the folder of alert rules there (403).'],
    ['write', 'You may not write alert rules there (403).'],
  ] as const)('a missing right to %s is a sentence', async (right, sentence) => {
    const { page, go, grafana } = await visitor()
    grafana.rules.refused.add(right)
    await go(CONFIG)
    if (right !== 'read') {
      await page.getByRole('table', { name: 'Groups of alert rules' }).waitFor()
      await install(page)
    }
    await page.getByText(sentence).waitFor()
    expect(grafana.rules.groups.size).toBe(0)
  })

  test('rules of a data source that is not chosen any more differ', async () => {
    const sources = ['prom', 'other'].map(uid => ({ uid, name: uid, type: 'prometheus' }))
    const { page, go, grafana } = await visitor({ sources })
    await go(CONFIG)
    await installed(page)
    grafana.site.jsonData = { ...grafana.site.jsonData, prometheusUid: 'other' }
    await go(CONFIG)
    await page
      .getByText(/: the data source/)
      .first()
      .waitFor()
    expect(await groups(page, 'differs')).toBe(6)
  })
})
