import { z } from 'zod'
import { methods } from './gate.ts'
import { type ProblemCode, problems } from './problem.ts'
import type { Route } from './route.ts'
import { problemSchema } from './views/schemas.ts'

type Json = Record<string, unknown>

/** OpenAPI 3.1 of the routes, made from the same schemas that check queries and type answers. */
export function openApi(routes: readonly Route[], version: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'iosetu-license-exporter',
      version,
      description: 'License servers and your own license. Names of people need the scope users.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // Relative to this document: it is right behind any prefix of a proxy.
    servers: [{ url: '../../' }],
    paths: Object.fromEntries(routes.map(route => [route.path, pathOf(route)])),
    components: {
      schemas: { Problem: jsonSchema(problemSchema) },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        basic: { type: 'http', scheme: 'basic', description: 'User = name of the key.' },
      },
    },
  }
}

function pathOf(route: Route): Json {
  const parameters = parametersOf(route)
  return {
    get: {
      summary: route.summary,
      operationId: route.path.replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^_|_$/g, '') || 'page',
      ...(parameters.length > 0 && { parameters }),
      security: route.scope ? [{}, { bearer: [] }, { apiKey: [] }, { basic: [] }] : [],
      responses: responsesOf(route),
    },
  }
}

function parametersOf({ query }: Route): Json[] {
  const { properties = {}, required = [] } = jsonSchema(query, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description ? { description } : {}),
    schema,
  }))
}

function responsesOf(route: Route): Json {
  const responses: Json = { 200: { description: 'It is answered.', content: content(route) } }
  for (const [status, description] of Object.entries(route.also ?? {})) {
    responses[status] = { description, content: content(route) }
  }
  if (route.schema && route.scope) responses[304] = { description: 'As If-None-Match has it.' }
  for (const [status, codes] of Map.groupBy(codesOf(route), code => problems[code][0])) {
    const description = codes.map(code => `${code}: ${problems[code][1]}`).join(' ')
    const told = {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    }
    // A problem has the status of another answer where a probe means its own 503.
    responses[status] ??= {
      description,
      content: told,
      ...(status === 405 && { headers: allowHeader }),
    }
  }
  return responses
}

const allowHeader = { Allow: { schema: { type: 'string', const: methods.join(', ') } } }

function codesOf({ scope, bucket, anyHost, negotiate, problems: own = [] }: Route): ProblemCode[] {
  return [
    'bad_request',
    'bad_path',
    'bad_query',
    ...(scope
      ? (['missing_key', 'malformed_key', 'unknown_key', 'two_keys', 'key_in_query'] as const)
      : []),
    ...(scope ? (['missing_scope'] as const) : []),
    'method_not_allowed',
    ...(negotiate ? (['not_acceptable'] as const) : []),
    'timeout',
    'body_refused',
    'uri_too_long',
    'expectation_failed',
    ...(anyHost ? [] : (['wrong_host'] as const)),
    ...(bucket ? (['rate_limited'] as const) : []),
    'headers_too_large',
    ...own,
  ]
}

function content({ produces, schema }: Route): Json {
  return Object.fromEntries(
    produces.map(type => [
      type,
      { schema: schema && type === 'application/json' ? jsonSchema(schema) : { type: 'string' } },
    ]),
  )
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output' = 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
