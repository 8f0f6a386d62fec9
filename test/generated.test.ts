import { expect, test } from 'vitest'
import { asFile, dashboards } from '../dashboards/index.ts'
import { metrics } from '../exporter/catalogue.ts'
import { groups } from './alerts/rules.ts'
import { alertsPage } from './generate/alerts.ts'
import { eventsPage } from './generate/events.ts'
import { grafanaAlerts } from './generate/grafana-alerts.ts'
import { metricsPage } from './generate/metrics.ts'

/** Files made from the catalogue, the rules and the dashboards; `npm run generate` rewrites them. */
const files: (readonly [path: string, page: () => string])[] = [
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
