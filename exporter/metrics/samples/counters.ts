import { type Sample, sample } from '../../catalogue.ts'
import { collectErrorCodes } from '../../errors.ts'
import { manager } from '../../managers/index.ts'
import { type FeatureTally, featureKey, type GoodReading, type ServerState } from '../../state.ts'
import { type MergedFeature, type Spelling, sumKnown } from './merge.ts'
import { mergedDaemons } from './server.ts'

/** Counters and what logs tell: they stay while gauges of an old reading go. */
export function* counterSamples(
  server: ServerState,
  good: GoodReading | undefined,
  features: readonly MergedFeature[],
  spell: Spelling,
): Generator<Sample> {
  const { tally, log } = server
  const labels = { server: server.name, manager: server.manager }
  for (const reason of collectErrorCodes) {
    const count = tally.errors.get(reason) ?? 0
    yield sample('license_exporter_collect_errors_total', { ...labels, reason }, count)
  }
  const sections = new Set([...(manager(server.manager)?.sections ?? []), ...tally.unparsed.keys()])
  for (const section of sections) {
    const count = tally.unparsed.get(section) ?? 0
    yield sample('license_exporter_unparsed_lines_total', { ...labels, section }, count)
  }
  if (log) {
    yield sample('license_exporter_log_lines_total', labels, log.lines)
    yield sample('license_exporter_log_lag_bytes', labels, log.lagBytes)
    if (log.lastLineAt !== undefined) {
      yield sample('license_exporter_log_last_line_timestamp_seconds', labels, log.lastLineAt)
    }
  }
  for (const [group, peak] of tally.peaks) {
    yield sample('license_server_peak_seats', { ...labels, product_group: group }, peak)
  }
  yield* serverDenials(server, good, spell)
  if (server.hasLogs) yield* fromLogs(server, features, spell)
  else yield* fromVendorTotals(server, features)
}

/** The vendor's own total where it is not told by feature: RLM's ISV block, sesinetd's log. */
function* serverDenials(
  server: ServerState,
  good: GoodReading | undefined,
  spell: Spelling,
): Generator<Sample> {
  const totals = new Map<string, number>()
  for (const [vendor, total] of server.tally.refused) totals.set(spell(vendor), total)
  for (const { vendor, denials } of mergedDaemons(good?.snapshot.daemons ?? [], spell)) {
    if (denials !== undefined) totals.set(vendor, denials)
  }
  for (const [vendor, total] of totals) {
    const { name, manager } = server
    const statistics = { server: name, manager, vendor, source: 'statistics' }
    yield sample('license_server_denials_total', statistics, total)
  }
}

/** Every feature of the reading from 0, and those that only a log has named. */
function* fromLogs(
  server: ServerState,
  features: readonly MergedFeature[],
  spell: Spelling,
): Generator<Sample> {
  type Counted = { vendor: string; feature: string; tallies: FeatureTally[] }
  const all = new Map<string, Counted>()
  const entry = (vendor: string, feature: string): Counted => {
    const key = featureKey(vendor, feature)
    const found = all.get(key) ?? { vendor, feature, tallies: [] }
    all.set(key, found)
    return found
  }
  for (const { vendor, name } of features) entry(vendor, name)
  for (const one of server.tally.features.values()) {
    entry(spell(one.vendor), one.feature).tallies.push(one)
  }
  for (const { vendor, feature, tallies } of all.values()) {
    const labels = { server: server.name, manager: server.manager, vendor, feature }
    const sum = (count: (tally: FeatureTally) => number): number =>
      sumKnown(tallies.map(count)) ?? 0
    const reasons = new Set([
      'no_seats' as const,
      ...tallies.flatMap(one => [...one.denials.keys()]),
    ])
    for (const reason of reasons) {
      const count = sum(one => one.denials.get(reason) ?? 0)
      yield sample('license_feature_denials_total', { ...labels, reason }, count)
    }
    yield sample(
      'license_feature_checkouts_total',
      labels,
      sum(one => one.checkouts),
    )
    yield sample(
      'license_feature_checkins_total',
      labels,
      sum(one => one.checkins),
    )
    yield sample(
      'license_feature_checkout_seats_total',
      labels,
      sum(one => one.checkoutSeats),
    )
  }
}

function* fromVendorTotals(
  server: ServerState,
  features: readonly MergedFeature[],
): Generator<Sample> {
  for (const { vendor, name, parts } of features) {
    const total = sumKnown(parts.map(part => part.checkouts))
    if (total === undefined) continue
    const labels = { server: server.name, manager: server.manager, vendor, feature: name }
    yield sample('license_feature_checkouts_total', labels, total)
  }
}
