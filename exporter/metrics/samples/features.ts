import { type LabelsOf, type Sample, sample } from '../../catalogue.ts'
import type { FeatureMap } from '../../feature-map.ts'
import { manager } from '../../managers/index.ts'
import type { ServerState } from '../../state.ts'
import { type MergedFeature, maxKnown, sumKnown } from './merge.ts'

type FeatureLabels = LabelsOf<'license_feature_seats_issued'>

/** Gauges of every feature of a reading. Unknown is an absent series. */
export function* featureSamples(
  server: ServerState,
  features: readonly MergedFeature[],
  map: FeatureMap,
): Generator<Sample> {
  const tellsReservations = manager(server.manager)?.reservationLines ?? false
  for (const feature of features) {
    const { vendor, name, parts } = feature
    const labels = { server: server.name, manager: server.manager, vendor, feature: name }
    yield* seatSamples(feature, labels, tellsReservations)

    const installed = maxKnown(parts.map(part => part.installed))
    if (installed !== undefined) yield sample('license_feature_seats_installed', labels, installed)
    const expiry = maxKnown(parts.map(part => part.installedExpiresAt))
    if (expiry !== undefined) {
      yield sample('license_feature_installed_expiry_timestamp_seconds', labels, expiry)
    }
    for (const reason of new Set(parts.flatMap(part => part.problems))) {
      yield sample('license_feature_problem', { ...labels, reason }, 1)
    }

    const mapped = map(labels)
    const product = mapped?.product ?? (parts.find(part => part.display)?.display || name)
    const counting = isUncounted(feature) ? 'uncounted' : 'counted'
    yield sample('license_feature_info', { ...labels, product, counting }, 1)
    if (mapped?.seat_cost_per_year) {
      const { amount, currency } = mapped.seat_cost_per_year
      yield sample('license_feature_seat_cost_per_year', { ...labels, currency }, amount)
    }
  }
}

function isUncounted({ parts }: MergedFeature): boolean {
  return parts.some(({ counting }) => counting === 'uncounted')
}

function* seatSamples(
  feature: MergedFeature,
  labels: FeatureLabels,
  tellsReservations: boolean,
): Generator<Sample> {
  const { parts, checkouts } = feature
  const issued = isUncounted(feature) ? undefined : sumKnown(parts.map(part => part.issued))
  if (issued !== undefined) yield sample('license_feature_seats_issued', labels, issued)

  const out = checkouts.filter(({ state }) => state !== 'queued')
  const checkedOut = out.reduce((sum, { seats }) => sum + seats, 0)
  // Of an uncounted feature nothing is in use but what its lines hold.
  const told = sumKnown(parts.map(part => part.used))
  const used = told ?? (isUncounted(feature) ? checkedOut : undefined)
  if (used !== undefined) yield sample('license_feature_seats_used', labels, used)

  const idle = parts.flatMap(part => part.reservations)
  const linesShown = out.length + idle.length > 0 || used === 0
  const reserved =
    sumKnown(parts.map(part => part.reserved)) ??
    (idle.length > 0 || (tellsReservations && linesShown)
      ? idle.reduce((sum, { seats }) => sum + seats, 0)
      : undefined)
  if (reserved !== undefined) yield sample('license_feature_seats_reserved', labels, reserved)

  const unlisted = sumKnown(parts.map(part => part.queued)) ?? 0
  const queued = checkouts.length - out.length + unlisted
  if (linesShown || queued > 0) yield sample('license_feature_queued_requests', labels, queued)
  if (!linesShown) return

  yield sample('license_feature_seats_checked_out', labels, checkedOut)
  const borrowed = out.filter(({ state }) => state === 'borrowed')
  const borrowedSeats = borrowed.reduce((sum, { seats }) => sum + seats, 0)
  yield sample('license_feature_seats_borrowed', labels, borrowedSeats)
  const users = new Set(out.flatMap(({ user }) => user ?? []))
  if (users.size > 0 || out.length === 0) yield sample('license_feature_users', labels, users.size)
  const oldest = out.reduce(
    (first, { startedAt }) => Math.min(first, startedAt ?? Number.POSITIVE_INFINITY),
    Number.POSITIVE_INFINITY,
  )
  if (oldest < Number.POSITIVE_INFINITY) {
    yield sample('license_feature_oldest_checkout_timestamp_seconds', labels, oldest)
  }
}
