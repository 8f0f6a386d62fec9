import { expect, test } from 'vitest'
import { asFile, dashboards } from '../dashboards/index.ts'
import { metrics } from '../exporter/catalogue.ts'
import { eventsPage } from './generate/events.ts'
import { metricsPage } from './generate/metrics.ts'

/** Files made from the catalogue; `npm run generate` rewrites them. */
const files: (readonly [path: string, page: () => string])[] = [
  ['../docs/metrics.md', metricsPage],
  ['../docs/events.md', eventsPage],
  ...Object.entries(dashboards).map(
    ([name, dashboard]) => [`../dashboards/json/${name}.json`, () => asFile(dashboard)] as const,
  ),
]

test.each(files)('%s is what the catalogue says', async (path, page) => {
  await expect(page()).toMatchFileSnapshot(path)
})

test('every metric stands in the page once', () => {
  const page = metricsPage()
  for (const name of Object.keys(metrics)) {
    expect(page.split(`| \`${name}\` |`), name).toHaveLength(2)
  }
})
