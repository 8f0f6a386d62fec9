import { json } from '../answer.ts'
import { RouteProblem } from '../problem.ts'
import { route } from '../route.ts'
import { checkoutItems } from '../views/checkouts.ts'
import { seesLiveNames } from '../views/names.ts'
import { paged } from '../views/page.ts'
import { checkoutsQuery } from '../views/query.ts'
import { checkoutSchema, listOf } from '../views/schemas.ts'

export const checkouts = route({
  path: '/api/v1/checkouts',
  summary: 'Who holds which seat now; names only for keys with the scope users.',
  scope: 'read',
  bucket: 'default',
  query: checkoutsQuery,
  produces: ['application/json'],
  negotiate: true,
  schema: listOf(checkoutSchema),
  problems: ['unknown_cursor', 'names_hidden'],
  handle(c, query) {
    const { deps, visit, config, now } = c.env
    const names = seesLiveNames(visit.identity, config)
    // A filter by name would tell without showing one whether he is there.
    if (query.user !== undefined && !names) throw new RouteProblem('names_hidden')
    const options = { now, names, user: query.user }
    return json(c, paged(checkoutItems(deps.state(), query, options), query))
  },
})
