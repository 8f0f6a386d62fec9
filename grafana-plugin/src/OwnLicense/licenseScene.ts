import * as q from '../queries.ts'
import { column, lines } from '../shared/layout.ts'
import { queryView } from '../shared/QueryView.tsx'
import { LicenseView } from './LicenseView.tsx'

export const licenseScene = () =>
  column(
    queryView(
      'the IOSetu license',
      {
        ownState: q.ownState(),
        ownDays: q.ownDays(),
        ownGraceLeft: q.ownGraceLeft(),
        ownInfo: q.ownInfo(),
        ownProblem: q.ownProblem(),
        ownCheckAge: q.ownCheckAge(),
        ownDrift: q.ownDrift(),
        ownChecks: q.ownChecks(),
        ownJumps: q.ownJumps(),
      },
      LicenseView
    ),
    lines('Days remaining', 'Days until the own license expires.', 'd', [
      { expr: q.ownDays(), legend: '{{instance}}' },
    ])
  )
