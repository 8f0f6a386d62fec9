import { json } from '../answer.ts'
import { route } from '../route.ts'
import { licenseView } from '../views/license.ts'
import { noQuery } from '../views/query.ts'
import { type StatusView, statusSchema } from '../views/schemas.ts'

export const status = route({
  path: '/api/v1/status',
  summary: 'What this key may see and what this exporter can do.',
  scope: 'read',
  bucket: 'default',
  query: noQuery,
  produces: ['application/json'],
  negotiate: true,
  schema: statusSchema,
  handle(c) {
    const { deps, visit, config } = c.env
    const { users, hosts, live } = config.privacy
    const body: StatusView = {
      version: deps.version,
      api: 1,
      mode: deps.mode,
      scopes: [...visit.identity.scopes].sort(),
      privacy: { users, hosts, live },
      servers: deps.state().servers.size,
      ...(deps.ownLicense && { own_license: licenseView(deps.ownLicense.state) }),
    }
    return json(c, body)
  },
})
