import { json } from '../answer.ts'
import { route } from '../route.ts'
import { paged } from '../views/page.ts'
import { poolItems } from '../views/pools.ts'
import { featuresQuery } from '../views/query.ts'
import { listOf, poolSchema } from '../views/schemas.ts'

export const pools = route({
  path: '/api/v1/pools',
  summary: 'Lines of capacity with their expiry.',
  scope: 'read',
  bucket: 'default',
  query: featuresQuery,
  produces: ['application/json'],
  negotiate: true,
  schema: listOf(poolSchema),
  problems: ['unknown_cursor'],
  handle(c, query) {
    const { deps, now } = c.env
    return json(c, paged(poolItems(deps.state(), query, now), query))
  },
})
