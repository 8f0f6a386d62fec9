import * as q from '../queries.ts'
import { column, lines } from '../shared/layout.ts'
import { queryView } from '../shared/QueryView.tsx'
import { DAY } from '../shared/words.ts'
import { OverviewView } from './OverviewView.tsx'

export const overviewScene = () =>
  column(
    queryView(
      'what needs attention',
      {
        exporters: q.exporters(),
        ownState: q.ownState(),
        ownDays: q.ownDays(),
        ownGraceLeft: q.ownGraceLeft(),
        serverUp: q.serverUp(),
        serverProblem: q.serverProblem(),
        serverQuorum: `${q.serverQuorum()} == 0`,
        daemonUp: `${q.daemonUp()} == 0`,
        memberUp: `${q.memberUp()} == 0`,
        collectSuccess: q.collectSuccess(),
        full: q.full(),
        denials: q.denials(),
        notServed: q.notServed(),
        poolLeft: q.poolLeft({}, 60 * DAY),
      },
      OverviewView
    ),
    lines(
      'The ten fullest features',
      'Seats used of seats issued, by feature. Uncounted features are left out.',
      'percentunit',
      [{ expr: q.fullest(), legend: '{{server}} {{feature}}' }]
    )
  )
