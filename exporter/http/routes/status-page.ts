import { page } from '../html.ts'
import { route } from '../route.ts'
import { eventList } from '../views/events.ts'
import { fullest, nextExpiries } from '../views/overview.ts'
import { noQuery } from '../views/query.ts'
import { serverItems } from '../views/servers.ts'
import { statusBody, statusTitle } from '../views/status-page.ts'

/** As often as the documentation's scrape interval; the browser keeps the place on the page. */
const refreshSeconds = 30

export const statusPage = route({
  path: '/',
  summary: 'Status page for a person.',
  scope: 'read',
  bucket: 'default',
  query: noQuery,
  produces: ['text/html'],
  negotiate: true,
  handle(c) {
    const { deps, visit, now } = c.env
    const state = deps.state()
    const view = {
      now,
      version: deps.version,
      mode: deps.mode,
      license: deps.ownLicense?.state,
      servers: [...serverItems(state, {}, now)].map(({ item }) => item),
      fullest: fullest(state, { now, names: false, map: deps.samples().features }),
      expiring: nextExpiries(state, now),
      events: eventList(deps.events.recent(), { limit: 20 }, visit.identity).data,
    }
    return page(statusTitle(view), refreshSeconds, statusBody(view))
  },
})
