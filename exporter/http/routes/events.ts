import { json } from '../answer.ts'
import { route } from '../route.ts'
import { eventList } from '../views/events.ts'
import { eventsQuery } from '../views/query.ts'
import { eventSchema, listOf } from '../views/schemas.ts'

export const events = route({
  path: '/api/v1/events',
  summary: 'What happened, newest first, as far as memory goes.',
  scope: 'read',
  bucket: 'default',
  query: eventsQuery,
  produces: ['application/json'],
  negotiate: true,
  schema: listOf(eventSchema),
  problems: ['unknown_cursor'],
  handle(c, query) {
    const { deps, visit } = c.env
    return json(c, eventList(deps.events.recent(), query, visit.identity))
  },
})
