import type { ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { z } from 'zod'
import type { Config, Scope } from '../config/schema.ts'
import type { Identity } from './auth.ts'
import type { HttpDeps } from './deps.ts'
import type { ProblemCode } from './problem.ts'
import type { StreamHub } from './stream.ts'

/** One resource: what it takes, who may see it, what it gives. The gate and openapi.json read it. */
export interface Route<Query extends z.ZodObject = z.ZodObject> {
  path: string
  summary: string
  /** Absent: no key is asked for. */
  scope?: Scope
  /** Absent: no rate limit. */
  bucket?: 'default' | 'metrics'
  /** Health checks come with any Host. */
  anyHost?: true
  query: Query
  /** Media types; the first is the default. */
  produces: readonly [string, ...string[]]
  /** Refuse an Accept that takes none of `produces`; scrapes are answered whatever they accept. */
  negotiate?: true
  /** JSON of a 200. */
  schema?: z.ZodType
  /** Beyond those of the gate. */
  problems?: readonly ProblemCode[]
  /** Other answers that are no problems, with the same schema. */
  also?: Readonly<Record<number, string>>
  /** How long an answer may take, seconds; Infinity for a stream. */
  deadline?: number
  handle(exchange: Exchange, query: z.output<Query>): Response | Promise<Response>
}

/** Keeps the type of a route's query between its schema and its handler. */
export function route<Query extends z.ZodObject>(one: Route<Query>): Route {
  return one as unknown as Route
}

/** A request that came through the gate. */
export interface Visit {
  id: string
  client: string
  identity: Identity
  route: Route
  query: Record<string, unknown>
}

export interface Bindings extends HttpBindings {
  outgoing: ServerResponse
  visit: Visit
  deps: HttpDeps
  config: Config
  now: Date
  stream: StreamHub
}

export type Exchange = Context<{ Bindings: Bindings }>
