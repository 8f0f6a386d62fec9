import { expect, test } from './fixtures'

const folder = 'iosetu-license-app-alerts'

test('rules install, show as installed, differ when changed, fire and are removed', async ({
  configPage,
  page,
  request,
}) => {
  // One license server of the demo is down: LicenseServerDown waits five minutes before it fires.
  test.setTimeout(900_000)
  void configPage
  const table = page.getByRole('table', { name: 'Groups of alert rules' })
  const inState = (name: string) => table.getByRole('cell', { name, exact: true })
  const confirm = (name: string) => page.getByRole('dialog').getByRole('button', { name }).click()
  // What an earlier run left.
  await request.delete(`/api/folders/${folder}?forceDeleteRules=true`)
  await page.reload()
  await expect(inState('missing').first()).toBeVisible()
  await page.getByRole('button', { name: /^Install (and update )?alert rules$/ }).click()
  await confirm('Install')
  await expect(inState('missing')).toHaveCount(0, { timeout: 30_000 })
  await expect(inState('differs')).toHaveCount(0)
  const installed = await inState('installed').count()
  expect(installed).toBeGreaterThanOrEqual(6)

  const url = `/api/v1/provisioning/folder/${folder}/rule-groups/license-servers`
  const group = await (await request.get(url)).json()
  group.rules[0].labels = { severity: 'none' }
  await request.put(url, { data: group, headers: { 'X-Disable-Provenance': 'true' } })
  await page.reload()
  await expect(page.getByText('LicenseServerDown: the labels')).toBeVisible()
  await page.getByRole('button', { name: 'Install and update alert rules' }).click()
  await confirm('Install')
  await expect(inState('differs')).toHaveCount(0, { timeout: 30_000 })

  await expect
    .poll(
      async () => {
        const answer = await (
          await request.get(`/api/prometheus/grafana/api/v1/rules?folder_uid=${folder}`)
        ).json()
        const rules = answer.data.groups.flatMap((one: { rules: unknown[] }) => one.rules)
        return rules.find((rule: { name: string }) => rule.name === 'LicenseServerDown')?.state
      },
      { timeout: 600_000, intervals: [5000] }
    )
    .toBe('firing')

  await page.getByRole('button', { name: 'Remove alert rules' }).click()
  await confirm('Remove')
  await expect(inState('missing')).toHaveCount(installed, { timeout: 30_000 })
})
