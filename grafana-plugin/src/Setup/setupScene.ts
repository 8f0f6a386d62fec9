import * as q from '../queries.ts'
import { column } from '../shared/layout.ts'
import { queryView } from '../shared/QueryView.tsx'
import { SetupView } from './SetupView.tsx'

export const setupScene = () =>
  column(
    queryView(
      'what arrives',
      {
        series: q.seriesByName(),
        told: q.seriesTold(),
        exporters: q.exporters(),
        configGood: q.configGood(),
        collectSuccess: q.collectSuccess(),
        serverProblem: q.serverProblem(),
        unparsed: q.unparsed(),
        unreconciled: q.unreconciled(),
        recorded: q.recordedSeries(),
      },
      SetupView
    )
  )
