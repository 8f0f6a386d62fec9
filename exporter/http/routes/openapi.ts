import { z } from 'zod'
import { json } from '../answer.ts'
import { openApi } from '../openapi.ts'
import { route } from '../route.ts'
import { routes } from '../routes.ts'
import { noQuery } from '../views/query.ts'

export const openapi = route({
  path: '/api/v1/openapi.json',
  summary: 'This description.',
  scope: 'read',
  bucket: 'default',
  query: noQuery,
  produces: ['application/json'],
  negotiate: true,
  schema: z.looseObject({ openapi: z.string() }),
  handle: c => json(c, openApi(routes, c.env.deps.version)),
})
