import * as q from '../queries.ts'
import { column } from '../shared/layout.ts'
import { queryView } from '../shared/QueryView.tsx'
import { RenewalsView } from './RenewalsView.tsx'

export const renewalsScene = () =>
  column(
    queryView(
      'the renewals',
      {
        poolInfo: q.poolInfo(),
        poolLeft: q.poolLeft(),
        poolSeats: q.poolSeats(),
        poolUsed: q.poolUsed(),
        issued: q.issued(),
        installed: q.installed(),
        installedLeft: q.installedLeft(),
        notServed: q.notServed(),
        weekPeak: q.weekPeak(),
      },
      RenewalsView
    )
  )
