import { checkoutsObject } from '../Checkouts/CheckoutsObject.tsx'
import * as q from '../queries.ts'
import { fullest } from '../shared/Fullest.tsx'
import { column } from '../shared/layout.ts'
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
        featureIssued: q.featureIssued(s),
        featureUncounted: q.featureUncounted(s),
        used: q.used(s),
      },
      serverView(server),
      // Of the few that somebody waits for or holds; the list is there before.
      () => ({
        queued: `${q.queued(s)} > 0`,
        users: `${q.users(s)} > 0`,
        oldestCheckout: q.oldestCheckout(s),
        full: q.full(s),
      })
    ),
    fullest('Use of the ten fullest features', s, '{{feature}}'),
    checkoutsObject({ server })
  )
}
