import type { Pool } from '../../model.ts'
import { freshReading, type State } from '../../state.ts'
import { byKey, type Keyed } from './page.ts'
import { type Filter, matches } from './query.ts'
import type { PoolView } from './schemas.ts'
import { sortedServers } from './servers.ts'

export function* poolItems(state: State, filter: Filter, now: Date): Generator<Keyed<PoolView>> {
  for (const server of sortedServers(state)) {
    const reading = freshReading(server, now)
    if (!reading) continue
    const items = reading.snapshot.pools.map(pool => {
      const item: PoolView = {
        server: server.name,
        manager: server.manager,
        vendor: pool.vendor,
        feature: pool.feature,
        ...poolFacts(pool),
      }
      const key = [server.name, pool.vendor, pool.feature, pool.id, pool.source]
      return { key, item, at: reading.at }
    })
    yield* byKey(items.filter(({ item }) => matches(filter, item)))
  }
}

export function poolFacts({ id, version, seats, used, expiresAt, permanent }: Pool) {
  return {
    pool: id,
    version,
    ...(seats !== undefined && { seats }),
    ...(used !== undefined && { used }),
    ...(expiresAt !== undefined && { expires_at: new Date(expiresAt * 1000).toISOString() }),
    permanent,
  }
}
