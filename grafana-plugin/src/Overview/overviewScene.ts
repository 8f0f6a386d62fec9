import * as q from '../queries.ts'
import { fullest } from '../shared/Fullest.tsx'
import { column } from '../shared/layout.ts'
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
        ownLeft: q.ownLeft(),
        serverUp: q.serverUp(),
        serverProblem: q.serverProblem(),
        daemonUp: `${q.daemonUp()} == 0`,
        memberUp: `${q.memberUp()} == 0`,
        collectSuccess: q.collectSuccess(),
        denials: q.denials(),
        notServed: q.notServed(),
        poolLeft: q.poolLeft({}, 60 * DAY),
        recorded: q.recordedFeatures(),
      },
      OverviewView,
      results => ({ full: results('recorded').length > 0 ? q.recordedFull() : q.full() })
    ),
    fullest('The ten fullest features', {}, '{{server}} {{feature}}')
  )
