import * as q from '../queries.ts'
import { column } from '../shared/layout.ts'
import { queryView } from '../shared/QueryView.tsx'
import { ServersView } from './ServersView.tsx'

export const serversScene = () =>
  column(
    queryView(
      'the license servers',
      {
        collectSuccess: q.collectSuccess(),
        serverUp: q.serverUp(),
        serverProblem: q.serverProblem(),
        serverVersion: q.serverVersion(),
        collectAge: q.collectAge(),
        featureCount: q.featureCount(),
      },
      ServersView
    )
  )
