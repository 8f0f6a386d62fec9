import { z } from 'zod'
import { events } from '../../catalogue.ts'

/** Query keys of the routes: any other key is refused. */

/** A pattern counts characters as people do; `max` counts what they take in memory. */
const text = z.string().regex(/^[^\u0000-\u001f\u007f]{1,200}$/u)
const names = Object.keys(events) as [keyof typeof events]

const cursor = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,2048}$/)
  .optional()
  .describe('`next` of the page before.')
const limit = z
  .string()
  .regex(/^(?:[1-9][0-9]{0,3}|10000)$/)
  .transform(Number)
  .default(1000)
  .describe('Items of a page.')

const server = text.optional().describe('Only this license server.')
const manager = text.optional().describe('Only this license manager.')
const vendor = text.optional().describe('Only this vendor daemon, without case.')
const feature = text.optional().describe('Only this feature.')

const page = { cursor, limit }

export const noQuery = z.strictObject({})
export const probeQuery = z.strictObject({
  server: text.describe('Name of a configured license server.'),
})
export const serversQuery = z.strictObject({ server, manager, ...page })
export const featuresQuery = z.strictObject({ server, manager, vendor, feature, ...page })
export const checkoutsQuery = featuresQuery.extend({
  user: text.optional().describe('Needs the scope users and [privacy] live = "plain".'),
})
const eventFilters = {
  server,
  manager,
  vendor,
  feature,
  event: z.enum(names).optional().describe('Only events of this name.'),
}
export const eventsQuery = z.strictObject({ ...eventFilters, ...page })
export const streamQuery = z.strictObject(eventFilters)

export interface Filter {
  server?: string | undefined
  manager?: string | undefined
  vendor?: string | undefined
  feature?: string | undefined
}

export interface Page {
  cursor?: string | undefined
  limit: number
}

/** An attribute that is asked for and not there does not match; vendor daemons compare without case. */
export function matches(
  filter: Filter,
  item: { [key: string]: unknown; server?: unknown; vendor?: unknown },
): boolean {
  return (['server', 'manager', 'vendor', 'feature'] as const).every(key => {
    const wanted = filter[key]
    if (wanted === undefined) return true
    const value = item[key]
    if (key !== 'vendor' || typeof value !== 'string') return value === wanted
    return value.toLowerCase() === wanted.toLowerCase()
  })
}
