import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import type { Logger } from '../parts.ts'
import { sendProblem } from './answer.ts'
import { type ProblemCode, RouteProblem } from './problem.ts'
import type { Bindings, Exchange } from './route.ts'
import { routes } from './routes.ts'

/** The routes as a hono app; the gate has judged the request before it comes here. */
export function createApp(log: Logger): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>()
  for (const { path, handle } of routes) {
    app.get(path, c => handle(c as Exchange, c.env.visit.query as never))
  }
  app.notFound(c => failed(c as Exchange, 'not_found'))
  app.onError((error, c) => {
    if (error instanceof RouteProblem) return failed(c as Exchange, error.code, error.more)
    const { route, id } = c.env.visit
    log.error('HTTP request failed', {
      route: route.path,
      correlation_id: id,
      error: error.name,
      reason: error.message,
    })
    return failed(c as Exchange, 'internal')
  })
  return app
}

function failed(c: Exchange, code: ProblemCode, more?: string): Response {
  const { outgoing, visit } = c.env
  if (!outgoing.headersSent) sendProblem(outgoing, code, visit.id, more)
  else outgoing.destroy()
  return RESPONSE_ALREADY_SENT
}
