import { metricName } from '../../catalogue.ts'
import type { FeatureMap } from '../../feature-map.ts'
import { featureSamples } from '../../metrics/samples/features.ts'
import { type MergedFeature, mergedFeatures, vendorSpelling } from '../../metrics/samples/merge.ts'
import { poolsOf } from '../../metrics/samples/pools.ts'
import type { Pool } from '../../model.ts'
import { featureKey, freshReading, type ServerState, type State } from '../../state.ts'
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
  map: FeatureMap
}

export function* featureItems(
  state: State,
  filter: Filter,
  options: FeatureOptions,
): Generator<Keyed<FeatureView>> {
  for (const server of sortedServers(state)) {
    const reading = freshReading(server, options.now)
    const { name, manager } = server
    const { server: wanted, manager: kind } = filter
    if (!reading || !matches({ server: wanted, manager: kind }, { server: name, manager })) continue
    const spell = vendorSpelling(server)
    const pools = Map.groupBy(poolsOf(reading.snapshot, spell), poolKey)
    const items = mergedFeatures(reading.snapshot, spell).map(feature => {
      const own = pools.get(featureKey(feature.vendor, feature.name)) ?? []
      const item = featureView(server, feature, own, options)
      return { key: [name, feature.vendor, feature.name], item, at: reading.at }
    })
    yield* byKey(items.filter(({ item }) => matches(filter, item)))
  }
}

const poolKey = ({ vendor, feature }: Pool) => featureKey(vendor, feature)

/** Made from the samples of /metrics, so that both always say the same. */
function featureView(
  server: ServerState,
  feature: MergedFeature,
  pools: readonly Pool[],
  { map, names }: FeatureOptions,
): FeatureView {
  const view: FeatureView = {
    server: server.name,
    manager: server.manager,
    vendor: feature.vendor,
    feature: feature.name,
    product: feature.name,
    counting: 'counted',
    seats: {},
    reservations: feature.parts.flatMap(part =>
      part.reservations.map(one => reservationView(one, names)),
    ),
    pools: pools.map(poolFacts),
  }
  for (const { metric, labels, value } of featureSamples(server, [feature], map)) {
    if (metric === metricName('license_feature_seats_issued')) view.seats.issued = value
    else if (metric === metricName('license_feature_seats_used')) view.seats.used = value
    else if (metric === metricName('license_feature_seats_checked_out'))
      view.seats.checked_out = value
    else if (metric === metricName('license_feature_seats_reserved')) view.seats.reserved = value
    else if (metric === metricName('license_feature_seats_borrowed')) view.seats.borrowed = value
    else if (metric === metricName('license_feature_queued_requests')) view.queued = value
    else if (metric === metricName('license_feature_users')) view.users = value
    else if (metric === metricName('license_feature_oldest_checkout_timestamp_seconds')) {
      view.oldest_checkout = new Date(value * 1000).toISOString()
    } else if (metric === metricName('license_feature_info')) {
      view.product = labels.product
      view.counting = labels.counting === 'uncounted' ? 'uncounted' : 'counted'
    }
  }
  return view
}
