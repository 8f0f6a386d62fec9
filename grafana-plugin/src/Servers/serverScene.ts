import { checkoutsObject } from '../Checkouts/CheckoutsObject.tsx'
import * as q from '../queries.ts'
import { fullest } from '../shared/Fullest.tsx'
import { column } from '../shared/layout.ts'
import { queryView, type Results } from '../shared/QueryView.tsx'
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
      results => details(s, results)
    ),
    fullest('Use of the ten fullest features', s, '{{feature}}'),
    checkoutsObject({ server })
  )
}

/** Where more features than that stand on one server, zeros are left out of what is asked. */
const MANY = 2000

/** What the list of features need not wait for. */
function details(s: q.Subject, results: Results) {
  const told = results('featureIssued').length > MANY ? ' > 0' : ''
  return {
    queued: q.queued(s) + told,
    users: q.users(s) + told,
    oldestCheckout: q.oldestCheckout(s),
    full: q.full(s),
  }
}
