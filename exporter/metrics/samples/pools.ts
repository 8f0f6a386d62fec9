import { type Sample, sample } from '../../catalogue.ts'
import type { Pool, Snapshot } from '../../model.ts'
import { featureKey, type ServerState } from '../../state.ts'
import { type Spelling, sumKnown } from './merge.ts'

/** Every line of capacity. Seats only where the server itself splits them. */
export function* poolSamples(
  server: ServerState,
  snapshot: Snapshot,
  spell: Spelling,
): Generator<Sample> {
  for (const pool of poolsOf(snapshot, spell)) {
    const { vendor, feature, id, version, permanent, seats, used, expiresAt, source } = pool
    const labels = { server: server.name, manager: server.manager, vendor, feature, pool: id }
    if (seats !== undefined && source === 'served')
      yield sample('license_pool_seats', labels, seats)
    if (used !== undefined) yield sample('license_pool_seats_used', labels, used)
    if (expiresAt !== undefined && !permanent) {
      yield sample('license_pool_expiry_timestamp_seconds', labels, expiresAt)
    }
    yield sample('license_pool_info', { ...labels, version, permanent: String(permanent) }, 1)
  }
}

/**
 * Each pool once: equal lines summed; a feature whose pools the server tells has none of a file's,
 * which may hold lines that nobody loaded or that ended long ago.
 */
export function poolsOf(snapshot: Snapshot, spell: Spelling = vendor => vendor): Pool[] {
  const told = new Set<string>()
  for (const { source, vendor, feature } of snapshot.pools) {
    if (source === 'served') told.add(featureKey(vendor, feature))
  }
  const pools = new Map<string, Pool>()
  for (const pool of snapshot.pools) {
    const feature = featureKey(pool.vendor, pool.feature)
    if (pool.source === 'file' && told.has(feature)) continue
    const key = `${feature}\n${pool.id}`
    const before = pools.get(key)
    const seats = sumKnown([before?.seats, pool.seats])
    const used = sumKnown([before?.used, pool.used])
    pools.set(key, {
      ...pool,
      ...before,
      vendor: spell(pool.vendor),
      ...(seats === undefined ? {} : { seats }),
      ...(used === undefined ? {} : { used }),
    })
  }
  return [...pools.values()]
}
