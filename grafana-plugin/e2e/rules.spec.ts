import { expect, test } from './fixtures'

const folder = 'iosetu-license-app-alerts'

test('rules install, show as installed, differ when changed, fire and are removed', async ({
  configPage,
  page,
  request,
}) => {
  void configPage
  const table = page.getByRole('table', { name: 'Groups of alert rules' })
  const confirm = (name: string) => page.getByRole('dialog').getByRole('button', { name }).click()
  await page.getByRole('button', { name: /^Install (and update )?alert rules$/ }).click()
  await confirm('Install')
  await expect(table.getByText(/ missing$/)).toHaveCount(0, { timeout: 30_000 })
  await expect(table.getByText(/ differs$/)).toHaveCount(0)

  const url = `/api/v1/provisioning/folder/${folder}/rule-groups/license-servers`
  const group = await (await request.get(url)).json()
  group.rules[0].labels = { severity: 'none' }
  await request.put(url, { data: group, headers: { 'X-Disable-Provenance': 'true' } })
  await page.reload()
  await expect(page.getByText('LicenseServerDown: the labels')).toBeVisible()
  await page.getByRole('button', { name: 'Install and update alert rules' }).click()
  await confirm('Install')
  await expect(table.getByText(/ differs$/)).toHaveCount(0, { timeout: 30_000 })

  // One license server of the demo is down: after two evaluations its rule is at least pending.
  await expect
    .poll(
      async () => {
        const answer = await (
          await request.get(`/api/prometheus/grafana/api/v1/rules?folder_uid=${folder}`)
        ).json()
        const rules = answer.data.groups.flatMap((one: { rules: unknown[] }) => one.rules)
        return rules.find((rule: { name: string }) => rule.name === 'LicenseServerDown')?.state
      },
      { timeout: 100_000, intervals: [5000] }
    )
    .toMatch(/pending|firing/)

  await page.getByRole('button', { name: 'Remove alert rules' }).click()
  await confirm('Remove')
  await expect(table.getByText(/ missing$/)).toHaveCount(6, { timeout: 30_000 })
})
