import { json } from '../answer.ts'
import { route } from '../route.ts'
import { licenseView } from '../views/license.ts'
import { noQuery } from '../views/query.ts'
import { licenseSchema, listOf } from '../views/schemas.ts'

export const license = route({
  path: '/api/v1/license',
  summary: 'The own license; an empty list while it is not watched.',
  scope: 'read',
  bucket: 'default',
  query: noQuery,
  produces: ['application/json'],
  negotiate: true,
  schema: listOf(licenseSchema),
  handle(c) {
    const { ownLicense } = c.env.deps
    return json(c, { data: ownLicense ? [licenseView(ownLicense.state)] : [], next: null })
  },
})
