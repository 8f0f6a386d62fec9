import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { asFile, dashboards } from '../dashboards/index.ts'
import { metrics } from '../exporter/catalogue.ts'
import { groups, ruleFiles } from './alerts/rules.ts'
import { alertsPage } from './generate/alerts.ts'
import { eventsPage } from './generate/events.ts'
import { grafanaAlerts } from './generate/grafana-alerts.ts'
import { metricsPage } from './generate/metrics.ts'
import { runbooks, withRunbooks } from './generate/runbooks.ts'

/** Files made from the catalogue, the rules and the dashboards; `npm run generate` rewrites them. */
const files: (readonly [path: string, page: () => string])[] = [
  ...ruleFiles.map(
    file =>
      [`../alerts/${basename(file)}`, () => withRunbooks(readFileSync(file, 'utf8'))] as const,
  ),
  ['../docs/metrics.md', metricsPage],
  ['../docs/events.md', eventsPage],
  ['../docs/alerts.md', alertsPage],
  ['../provisioning/grafana/alerting/license.yaml', () => grafanaAlerts(groups)],
  ...Object.entries(dashboards).map(
    ([name, dashboard]) => [`../dashboards/json/${name}.json`, () => asFile(dashboard)] as const,
  ),
]

test.each(files)('%s is what its source says', async (path, page) => {
  await expect(page()).toMatchFileSnapshot(path)
})

test('every metric stands in the page once', () => {
  const page = metricsPage()
  for (const name of Object.keys(metrics)) {
    expect(page.split(`| \`${name}\` |`), name).toHaveLength(2)
  }
})

test('another address of the runbooks is written once and stands in every alert', () => {
  const mine = 'https://wiki.example/license'
  for (const file of ruleFiles) {
    const text = readFileSync(file, 'utf8')
    const moved = withRunbooks(text, mine)
    expect(moved).not.toContain(runbooks)
    const alerts = [...moved.matchAll(/- alert: (\w+)/g)].map(([, name]) => `${mine}/${name}.md`)
    const urls = [...moved.matchAll(/runbook_url: (\S+)/g)].map(([, url]) => url)
    expect(urls).toEqual(alerts)
    expect(withRunbooks(moved)).toBe(text)
  }
})
