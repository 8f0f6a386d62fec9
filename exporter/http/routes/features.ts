import { json } from '../answer.ts'
import { route } from '../route.ts'
import { featureItems } from '../views/features.ts'
import { seesLiveNames } from '../views/names.ts'
import { paged } from '../views/page.ts'
import { featuresQuery } from '../views/query.ts'
import { featureSchema, listOf } from '../views/schemas.ts'

export const features = route({
  path: '/api/v1/features',
  summary: 'Features with their seats, reservations and pools.',
  scope: 'read',
  bucket: 'default',
  query: featuresQuery,
  produces: ['application/json'],
  negotiate: true,
  schema: listOf(featureSchema),
  problems: ['unknown_cursor'],
  handle(c, query) {
    const { deps, visit, config, now } = c.env
    const names = seesLiveNames(visit.identity, config)
    const options = { now, names, map: deps.samples().features }
    return json(c, paged(featureItems(deps.state(), query, options), query))
  },
})
