import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { RouteProblem } from '../problem.ts'
import { route } from '../route.ts'
import { streamQuery } from '../views/query.ts'

export const stream = route({
  path: '/stream/events',
  summary: 'Events as they happen, as server-sent events with Last-Event-ID.',
  scope: 'read',
  bucket: 'default',
  query: streamQuery,
  produces: ['text/event-stream'],
  negotiate: true,
  problems: ['too_many_streams'],
  deadline: Number.POSITIVE_INFINITY,
  handle(c, filter) {
    const { outgoing, incoming, stream: hub, visit } = c.env
    if (hub.full) {
      outgoing.setHeader('retry-after', '30')
      throw new RouteProblem('too_many_streams')
    }
    // x-accel-buffering: nginx would hold events back until its buffer is full.
    outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
    if (incoming.method === 'HEAD') outgoing.end()
    else {
      const client = { response: outgoing, identity: visit.identity, filter }
      hub.open(client, c.req.header('last-event-id'))
    }
    return RESPONSE_ALREADY_SENT
  },
})
