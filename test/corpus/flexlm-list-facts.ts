// biome-ignore-all lint/suspicious/noExplicitAny: sidecars are data of many shapes.
import { zone } from '../../exporter/managers/time.ts'
import type { Snapshot } from '../../exporter/model.ts'
import type { Facts } from './sidecar.ts'

/** `lmstat -i`: rows are pools, their sum is the feature. */
export function listFacts(facts: Facts, name: string, expect: any, snapshot: Snapshot): void {
  facts.keys(
    name,
    expect,
    ['features_total', 'features', 'nearest_expiry_iso', 'errors'],
    ['format', 'provenance', 'source', 'notable'],
  )
  facts.equal(`${name}.features_total`, expect.features.length, expect.features_total)
  facts.equal(`${name}.errors`, snapshot.unparsed.length, expect.errors.length)
  const sums = new Map<string, number>()
  for (const one of expect.features) {
    const path = `${name}.features.${one.name}.${one.version}.${one.expires}`
    facts.keys(
      path,
      one,
      ['name', 'version', 'issued', 'expires', 'expires_iso', 'never', 'vendor'],
      [],
    )
    const pool = snapshot.pools.find(
      ({ feature, version, expiresAt }) =>
        feature === one.name &&
        version === one.version &&
        (expiresAt === undefined ? null : zone('UTC').date(expiresAt).month) ===
          (one.expires_iso === null ? null : Number(one.expires_iso.slice(5, 7))),
    )
    facts.equal(`${path}.issued`, pool?.seats, one.issued)
    facts.equal(`${path}.vendor`, pool?.vendor, one.vendor)
    facts.equal(`${path}.never`, pool?.permanent, one.never)
    facts.equal(
      `${path}.expires`,
      pool?.expiresAt === undefined
        ? null
        : new Date(pool.expiresAt * 1000).toISOString().slice(0, 10),
      one.expires_iso,
    )
    sums.set(one.name, (sums.get(one.name) ?? 0) + one.issued)
  }
  for (const [feature, seats] of sums) {
    const found = snapshot.features.find(one => one.name === feature)
    facts.equal(`${name}.features.${feature}.issued`, found?.issued, seats)
  }
  for (const [feature, day] of Object.entries(expect.nearest_expiry_iso ?? {})) {
    const ends = snapshot.pools.filter(pool => pool.feature === feature).map(pool => pool.expiresAt)
    const nearest = Math.min(...ends.map(end => end ?? Number.POSITIVE_INFINITY))
    facts.equal(
      `${name}.nearest.${feature}`,
      new Date(nearest * 1000).toISOString().slice(0, 10),
      day,
    )
  }
}
