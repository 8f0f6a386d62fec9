import { wantsPrometheus } from '../accept.ts'
import { sendSamples } from '../answer.ts'
import { route } from '../route.ts'
import { noQuery } from '../views/query.ts'
import { healthSchema } from '../views/schemas.ts'
import { prometheusTypes } from './metrics.ts'

/** The documented bodies; for Prometheus the series, always 200: a 503 would make them stale. */
export const health = route({
  path: '/health',
  summary: 'Health of the own license, or its series where Accept is that of Prometheus.',
  anyHost: true,
  query: noQuery,
  produces: ['application/json', ...prometheusTypes],
  schema: healthSchema,
  also: { 503: 'The grace period is over, or there never was a license.' },
  handle(c) {
    const { deps, now } = c.env
    if (wantsPrometheus(c.req.header('accept'))) {
      return sendSamples(c, deps.ownLicense?.samples(now) ?? [])
    }
    const { status, body } = deps.ownLicense?.health() ?? {
      status: 200,
      body: { status: 'healthy' },
    }
    return Response.json(body, { status, headers: { vary: 'Accept' } })
  },
})
