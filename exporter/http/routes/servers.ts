import { json } from '../answer.ts'
import { route } from '../route.ts'
import { paged } from '../views/page.ts'
import { serversQuery } from '../views/query.ts'
import { listOf, serverSchema } from '../views/schemas.ts'
import { serverItems } from '../views/servers.ts'

export const servers = route({
  path: '/api/v1/servers',
  summary: 'Configured license servers with state, reason and time of reading.',
  scope: 'read',
  bucket: 'default',
  query: serversQuery,
  produces: ['application/json'],
  negotiate: true,
  schema: listOf(serverSchema),
  problems: ['unknown_cursor'],
  handle(c, query) {
    const { deps, now } = c.env
    return json(c, paged(serverItems(deps.state(), query, now), query))
  },
})
