import * as q from '../queries.ts'
import { column } from '../shared/layout.ts'
import { queryView, type Results } from '../shared/QueryView.tsx'
import { RenewalsView } from './RenewalsView.tsx'

export const renewalsScene = () =>
  column(
    queryView(
      'the renewals',
      {
        poolEnds: q.poolEnds(),
        poolEndless: q.poolEndless(),
        poolSeats: q.poolSeats(),
        poolUsed: q.poolUsed(),
        notServed: q.notServed(),
        servedInstead: q.servedInstead(),
        notServedLeft: q.notServedLeft(),
        recorded: q.recordedPeaks(),
      },
      RenewalsView,
      covers
    )
  )

/** What covers a line that ends: from what is recorded, where the rules run. */
const covers = (results: Results) => ({
  issued: q.issued(),
  installed: q.installed(),
  weekPeak: results('recorded').length > 0 ? q.recordedPeak() : q.weekPeak(),
})
