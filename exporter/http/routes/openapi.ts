import { z } from 'zod'
import { json } from '../answer.ts'
import { openApi } from '../openapi.ts'
import { type Route, route } from '../route.ts'
import { noQuery } from '../views/query.ts'

/** @param routes every route, itself among them */
export const openapi = (routes: () => readonly Route[]) =>
  route({
    path: '/api/v1/openapi.json',
    summary: 'This description.',
    scope: 'read',
    bucket: 'default',
    query: noQuery,
    produces: ['application/json'],
    negotiate: true,
    schema: z.looseObject({ openapi: z.string() }),
    handle: c => json(c, openApi(routes(), c.env.deps.version)),
  })
