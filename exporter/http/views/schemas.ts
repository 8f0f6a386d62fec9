import { z } from 'zod'
import { events as eventNames } from '../../catalogue.ts'

/** The JSON of the API: checked by the compiler where it is made, published by openapi.json. */

const time = z.iso.datetime().describe('RFC 3339, UTC')
const count = z.number().nonnegative()

const server = z.string().describe('Name of the license server in the configuration.')
const subject = { server, manager: z.string(), vendor: z.string(), feature: z.string() }

export const memberSchema = z.object({
  member: z.string(),
  up: z.boolean().optional(),
  master: z.boolean().optional(),
})

export const daemonSchema = z.object({
  vendor: z.string(),
  up: z.boolean().optional(),
  version: z.string().optional(),
})

export const serverSchema = z.object({
  server,
  manager: z.string(),
  up: z.boolean().optional().describe('Absent while it is not known.'),
  reason: z.string().optional().describe('Why it is not known to be up.'),
  read: z.boolean().optional().describe('The last reading succeeded; absent before the first one.'),
  at: time.optional().describe('When the last reading was made.'),
  good_at: time.optional().describe('When the last successful reading was made.'),
  seconds: count.optional().describe('How long the last reading took.'),
  interval_seconds: count,
  version: z.string().optional(),
  quorum: z.boolean().optional().describe('Enough of three machines are up.'),
  members: z.array(memberSchema),
  daemons: z.array(daemonSchema),
  features: z.int().nonnegative().optional(),
})

export const reservationSchema = z.object({
  kind: z.string(),
  name: z.string().optional().describe('Absent where it names a person or a machine.'),
  seats: count,
})

const poolShape = {
  pool: z.string(),
  version: z.string(),
  seats: count.optional(),
  used: count.optional(),
  expires_at: time.optional(),
  permanent: z.boolean(),
}

export const featureSchema = z.object({
  ...subject,
  product: z.string(),
  counting: z.enum(['counted', 'uncounted']),
  seats: z.object({
    issued: count.optional(),
    used: count.optional(),
    checked_out: count.optional(),
    reserved: count.optional(),
    borrowed: count.optional(),
  }),
  queued: z.int().nonnegative().optional(),
  users: z.int().nonnegative().optional(),
  oldest_checkout: time.optional(),
  reservations: z.array(reservationSchema),
  pools: z.array(z.object(poolShape)),
})

export const poolSchema = z.object({ ...subject, ...poolShape })

export const checkoutSchema = z.object({
  ...subject,
  version: z.string().optional(),
  seats: count,
  user: z.string().optional().describe('Needs the scope users and [privacy] live = "plain".'),
  host: z.string().optional().describe('As user.'),
  display: z.string().optional().describe('As user.'),
  started_at: time.optional(),
  state: z.enum(['active', 'borrowed', 'queued']),
  linger_seconds: count.optional(),
})

export const licenseSchema = z.object({
  state: z.enum(['valid', 'grace', 'over', 'unlicensed']),
  problem: z.string().optional(),
  reason: z.string().optional(),
  customer: z.string().optional(),
  license_id: z.string().optional(),
  edition: z.string().optional(),
  expires_at: time.optional(),
  grace_expires_at: time.optional(),
})

const names = Object.keys(eventNames) as [keyof typeof eventNames]

export const eventSchema = z
  .looseObject({
    timestamp: time,
    level: z.enum(['INFO', 'WARN', 'ERROR']),
    msg: z.string(),
    event: z.enum(names),
    id: z.string(),
    severity: z.enum(['info', 'warning', 'critical']),
  })
  .describe('Beside these the attributes of the event, named as labels.')

export const scopeSchema = z.enum(['read', 'metrics', 'users'])
const policy = z.enum(['drop', 'hash', 'plain'])

export const statusSchema = z.object({
  version: z.string(),
  api: z.literal(1),
  mode: z.enum(['run', 'demo']),
  scopes: z.array(scopeSchema).describe('What this key may see.'),
  privacy: z.object({ users: policy, hosts: policy, live: z.enum(['drop', 'plain']) }),
  servers: z.int().nonnegative().describe('How many license servers are configured.'),
  own_license: licenseSchema.optional().describe('Absent while the own license is not watched.'),
})

export const aliveSchema = z.object({ status: z.string() })

export const healthSchema = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  license: z.looseObject({ valid: z.boolean(), grace_mode: z.boolean() }).optional(),
})

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  correlation_id: z.string(),
})

/** A page of a list. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    data: z.array(item),
    next: z.string().nullable().describe('Give it as cursor for the next page; null on the last.'),
    at: time.optional().describe('Time of the newest reading shown.'),
  })
}

export type ServerView = z.output<typeof serverSchema>
export type FeatureView = z.output<typeof featureSchema>
export type PoolView = z.output<typeof poolSchema>
export type CheckoutView = z.output<typeof checkoutSchema>
export type LicenseView = z.output<typeof licenseSchema>
export type EventView = z.output<typeof eventSchema>
export type StatusView = z.output<typeof statusSchema>
