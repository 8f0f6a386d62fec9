import { checkoutsObject } from '../Checkouts/CheckoutsObject.tsx'
import * as q from '../queries.ts'
import { column, lines } from '../shared/layout.ts'
import { queryView } from '../shared/QueryView.tsx'
import { serverView } from './ServerView.tsx'

export function serverScene(server: string) {
  const s = { server }
  return column(
    queryView(
      `license server ${server}`,
      {
        collectSuccess: q.collectSuccess(s),
        serverUp: q.serverUp(s),
        serverProblem: q.serverProblem(s),
        serverVersion: q.serverVersion(s),
        collectAge: q.collectAge(s),
        memberUp: q.memberUp(s),
        memberMaster: q.memberMaster(s),
        daemonUp: q.daemonUp(s),
        daemonVersion: q.daemonVersion(s),
        featureInfo: q.featureInfo(s),
        issued: q.issued(s),
        used: q.used(s),
        queued: q.queued(s),
        users: q.users(s),
        oldestCheckout: q.oldestCheckout(s),
        full: q.full(s),
      },
      serverView(server)
    ),
    lines(
      'Use of the ten fullest features',
      'Seats used of seats issued. Uncounted features are left out.',
      'percentunit',
      [{ expr: q.fullest(s), legend: '{{feature}}' }]
    ),
    checkoutsObject({ server })
  )
}
