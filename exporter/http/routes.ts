import type { Route } from './route.ts'
import { alive, ready } from './routes/alive.ts'
import { checkouts } from './routes/checkouts.ts'
import { docs } from './routes/docs.ts'
import { events } from './routes/events.ts'
import { features } from './routes/features.ts'
import { health } from './routes/health.ts'
import { license } from './routes/license.ts'
import { metrics } from './routes/metrics.ts'
import { openapi } from './routes/openapi.ts'
import { pools } from './routes/pools.ts'
import { probe } from './routes/probe.ts'
import { servers } from './routes/servers.ts'
import { status } from './routes/status.ts'
import { statusPage } from './routes/status-page.ts'
import { stream } from './routes/stream.ts'

/** Every route but `/guard`, which answers whatever is asked of it. */
export const routes: readonly Route[] = [
  statusPage,
  metrics,
  probe,
  health,
  alive,
  ready,
  status,
  servers,
  features,
  pools,
  checkouts,
  license,
  events,
  openapi(() => routes),
  docs(() => routes),
  stream,
]

const byPath = new Map(routes.map(route => [route.path, route]))

export function findRoute(path: string): Route | undefined {
  return byPath.get(path)
}
