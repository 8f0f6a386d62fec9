import type { Config } from '../../config/schema.ts'
import type { Checkout, Feature } from '../../model.ts'
import { featureKey, freshReading, type State } from '../../state.ts'
import { reservationView } from './names.ts'
import { byKey, type Keyed } from './page.ts'
import { poolFacts } from './pools.ts'
import { type Filter, matches } from './query.ts'
import type { FeatureView } from './schemas.ts'
import { sortedServers } from './servers.ts'

export interface FeatureOptions {
  now: Date
  /** Names of USER and HOST reservations may be shown. */
  names: boolean
  product: (server: { name: string; manager: string }, feature: Feature) => string
}

export function* featureItems(
  state: State,
  filter: Filter,
  options: FeatureOptions,
): Generator<Keyed<FeatureView>> {
  for (const server of sortedServers(state)) {
    const reading = freshReading(server, options.now)
    if (!reading || !matches({ server: filter.server, manager: filter.manager }, subject(server))) {
      continue
    }
    const { features, pools, checkouts } = reading.snapshot
    const lines = Map.groupBy(checkouts, line => featureKey(line.vendor, line.feature))
    const capacity = Map.groupBy(pools, pool => featureKey(pool.vendor, pool.feature))
    const items = features.map(feature => {
      const key = featureKey(feature.vendor, feature.name)
      const item: FeatureView = {
        ...subject(server),
        vendor: feature.vendor,
        feature: feature.name,
        product: options.product(server, feature),
        counting: feature.counting,
        ...facts(feature, lines.get(key) ?? []),
        reservations: feature.reservations.map(one => reservationView(one, options.names)),
        pools: (capacity.get(key) ?? []).map(poolFacts),
      }
      return { key: [server.name, feature.vendor, feature.name], item, at: reading.at }
    })
    yield* byKey(items.filter(({ item }) => matches(filter, item)))
  }
}

function subject(server: { name: string; manager: string }) {
  return { server: server.name, manager: server.manager }
}

/** The figures of one feature; what the vendor does not tell stays away. */
function facts(
  feature: Feature,
  lines: readonly Checkout[],
): Pick<FeatureView, 'seats' | 'queued' | 'users' | 'oldest_checkout'> {
  const held = lines.filter(({ state }) => state !== 'queued')
  const borrowed = held.filter(({ state }) => state === 'borrowed')
  const summed = sum(held)
  const used = feature.used ?? (feature.counting === 'uncounted' ? summed : undefined)
  // Used seats and no line at all: the answer did not list them.
  const listed = lines.length > 0 || feature.reservations.length > 0 || !used
  const starts = held.flatMap(({ startedAt }) => startedAt ?? [])
  const reserved = feature.reserved ?? sum(feature.reservations)
  return {
    seats: {
      ...(feature.counting === 'counted' && feature.issued !== undefined
        ? { issued: feature.issued }
        : {}),
      ...(used !== undefined && { used }),
      ...(listed && { checked_out: summed, borrowed: sum(borrowed) }),
      reserved,
    },
    ...(listed && {
      queued: lines.length - held.length,
      users: new Set(held.map(({ user, host }) => user ?? `@${host}`)).size,
    }),
    ...(starts.length > 0 && {
      oldest_checkout: new Date(starts.reduce((a, b) => Math.min(a, b)) * 1000).toISOString(),
    }),
  }
}

function sum(lines: readonly { seats: number }[]): number {
  return lines.reduce((total, { seats }) => total + seats, 0)
}

/** The configuration's name first, then the vendor's, then the feature: never empty. */
export function productNames(mappings: Config['feature']): FeatureOptions['product'] {
  const tests = mappings.flatMap(mapping => {
    if (mapping.product === undefined) return []
    const { server, manager, vendor, feature, product } = mapping
    const [s, m, v, f] = [server, manager, vendor?.toLowerCase(), feature].map(glob)
    return [{ s: s!, m: m!, v: v!, f: f!, product }]
  })
  return (server, feature) =>
    tests.find(
      ({ s, m, v, f }) =>
        s(server.name) && m(server.manager) && v(feature.vendor.toLowerCase()) && f(feature.name),
    )?.product ??
    feature.display ??
    feature.name
}

function glob(pattern: string | undefined): (text: string) => boolean {
  if (pattern === undefined) return () => true
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const test = new RegExp(`^${source}$`, 's')
  return text => test.test(text)
}
