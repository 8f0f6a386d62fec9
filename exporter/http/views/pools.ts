import { vendorSpelling } from '../../metrics/samples/merge.ts'
import { poolsOf } from '../../metrics/samples/pools.ts'
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
    const items = poolsOf(reading.snapshot, vendorSpelling(server)).map(pool => {
      const { vendor, feature } = pool
      const { name, manager } = server
      const item: PoolView = { server: name, manager, vendor, feature, ...poolFacts(pool) }
      return { key: [name, vendor, feature, pool.id], item, at: reading.at }
    })
    yield* byKey(items.filter(({ item }) => matches(filter, item)))
  }
}

/** Seats only where the server itself splits them, as in the metrics. */
export function poolFacts({ id, version, seats, used, expiresAt, permanent, source }: Pool) {
  return {
    pool: id,
    version,
    ...(seats !== undefined && source === 'served' && { seats }),
    ...(used !== undefined && { used }),
    ...(expiresAt !== undefined &&
      !permanent && { expires_at: new Date(expiresAt * 1000).toISOString() }),
    permanent,
  }
}
