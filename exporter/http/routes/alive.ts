import { route } from '../route.ts'
import { noQuery } from '../views/query.ts'
import { aliveSchema } from '../views/schemas.ts'

export const alive = route({
  path: '/livez',
  summary: 'The process is alive.',
  anyHost: true,
  query: noQuery,
  produces: ['application/json'],
  schema: aliveSchema,
  handle: () => Response.json({ status: 'alive' }),
})

export const ready = route({
  path: '/readyz',
  summary: 'Every configured license server has been read once, or failed.',
  anyHost: true,
  query: noQuery,
  produces: ['application/json'],
  schema: aliveSchema,
  also: { 503: 'First readings are under way.' },
  handle: c =>
    c.env.deps.poller.ready
      ? Response.json({ status: 'ready' })
      : Response.json({ status: 'starting' }, { status: 503 }),
})
