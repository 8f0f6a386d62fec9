import { contentTypes } from '../../metrics/encode.ts'
import { sendScrape } from '../answer.ts'
import { route } from '../route.ts'
import { noQuery } from '../views/query.ts'

export const prometheusTypes = [contentTypes.text, contentTypes.openmetrics] as const

export const metrics = route({
  path: '/metrics',
  summary: 'All series, as Prometheus text or OpenMetrics by Accept.',
  scope: 'metrics',
  bucket: 'metrics',
  query: noQuery,
  produces: prometheusTypes,
  problems: ['internal'],
  async handle(c) {
    const { deps } = c.env
    return sendScrape(
      c,
      await deps.exposition.scrape({
        accept: c.req.header('accept'),
        acceptEncoding: c.req.header('accept-encoding'),
      }),
    )
  },
})
