import { checkoutsObject } from '../Checkouts/CheckoutsObject.tsx'
import * as q from '../queries.ts'
import { column, lines } from '../shared/layout.ts'
import type { FeatureName } from '../shared/links.ts'
import { queryView } from '../shared/QueryView.tsx'
import { featureView } from './FeatureView.tsx'

export function featureScene(name: FeatureName) {
  return column(
    queryView(
      `feature ${name.feature}`,
      {
        featureIssued: q.featureIssued(name),
        featureUncounted: q.featureUncounted(name),
        issued: q.issued(name),
        used: q.used(name),
        reserved: q.reserved(name),
        borrowed: q.borrowed(name),
        queued: q.queued(name),
        users: q.users(name),
        oldestCheckout: q.oldestCheckout(name),
        full: q.full(name),
        problem: q.featureProblem(name),
        denials: q.denials(name),
        weekPeak: q.weekPeak(name),
        installed: q.installed(name),
        poolEnds: q.poolEnds(name),
        poolEndless: q.poolEndless(name),
        poolSeats: q.poolSeats(name),
        poolUsed: q.poolUsed(name),
      },
      featureView(name)
    ),
    lines('Seats', 'Seats issued, used, checked out and requests that wait.', 'short', [
      { expr: q.issued(name), legend: 'issued' },
      { expr: q.used(name), legend: 'used' },
      { expr: q.checkedOut(name), legend: 'checked out' },
      { expr: q.queued(name), legend: 'waiting' },
    ]),
    checkoutsObject(name)
  )
}
