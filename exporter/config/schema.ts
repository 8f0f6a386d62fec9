import { z } from 'zod'
import { managers } from '../managers/index.ts'
import { absolutePath, type ServerConfig } from '../managers/server-options.ts'
import { duration, size } from './units.ts'

/** One `[[server]]` table: its shape is its manager's. */
const serverTable = z.discriminatedUnion(
  'manager',
  Object.values(managers).map(manager => manager.server) as unknown as [
    z.ZodObject<{ manager: z.ZodLiteral<string> }>,
  ],
) as unknown as z.ZodType<ServerConfig>

const featureTable = z.strictObject({
  server: z.string().optional(),
  manager: z.string().optional(),
  vendor: z.string().optional(),
  feature: z.string(),
  product: z.string().min(1).optional(),
  seat_cost_per_year: z
    .strictObject({
      amount: z.number().nonnegative(),
      currency: z.string().regex(/^[A-Z]{3}$/, 'write an ISO 4217 code such as "EUR"'),
    })
    .optional(),
})

const namePolicy = z.enum(['drop', 'hash', 'plain'])
const scope = z.enum(['read', 'metrics', 'users'])
const sha256 = z.string().regex(/^[0-9a-f]{64}$/i, 'write 64 hex digits')

const apiKey = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[A-Za-z0-9._-]{1,64}$/,
        'write 1 to 64 letters, digits, dots, dashes or underscores',
      ),
    sha256: sha256.optional(),
    sha256_file: absolutePath().optional(),
    scopes: z.array(scope).min(1),
    rate_limit_requests: z.int().min(1).max(1_000_000).optional(),
  })
  .refine(key => (key.sha256 === undefined) !== (key.sha256_file === undefined), {
    message: 'give either sha256 or sha256_file',
  })

/** license-exporter.toml, whole. Durations are seconds and sizes bytes once parsed. */
export const configSchema = z.strictObject({
  state_dir: absolutePath().optional(),
  max_tools: z.int().min(1).max(1024).default(16),
  server: z.array(serverTable).default([]),
  feature: z.array(featureTable).default([]),
  checkouts: z
    .strictObject({
      series: z.boolean().default(false),
      max: z.int().min(0).max(1_000_000).default(5000),
    })
    .prefault({}),
  privacy: z
    .strictObject({
      users: namePolicy.default('drop'),
      hosts: namePolicy.default('drop'),
      live: z.enum(['drop', 'plain']).default('drop'),
      key_file: absolutePath().optional(),
    })
    .prefault({}),
  events: z
    .strictObject({
      keep: z.int().min(0).max(100_000).default(1000),
      spool_max_bytes: size(65_536, 1024 ** 4).prefault('64MiB'),
      spool_max_age: duration(60, 366 * 86_400).prefault('7d'),
    })
    .prefault({}),
  otlp: z
    .strictObject({
      endpoint: z
        .url({ protocol: /^https?$/, error: 'write an http:// or https:// URL' })
        .optional(),
      headers_file: absolutePath().optional(),
      ca_file: absolutePath().optional(),
      metrics: z.boolean().optional(),
      logs: z.boolean().optional(),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
      format: z.enum(['json', 'text']).default('json'),
      retention: duration(60, 3660 * 86_400).prefault('30d'),
    })
    .prefault({}),
  self_license: z.strictObject({ required: z.boolean().default(false) }).prefault({}),
  api: z
    .strictObject({
      enabled: z.boolean().default(true),
      bind_address: z.string().min(1).default('127.0.0.1'),
      bind_port: z.int().min(0).max(65_535).default(8080),
      allow_public_bind: z.boolean().default(false),
      rate_limit_requests: z.int().min(1).max(1_000_000).default(60),
      rate_limit_window_seconds: z.int().min(1).max(86_400).default(60),
      cors_origins: z.array(z.string()).default([]),
      allow_anonymous: z.boolean().default(false),
      allowed_hosts: z.array(z.string()).default([]),
      trusted_proxies: z.array(z.string()).default([]),
      keys: z.array(apiKey).default([]),
      tls: z
        .strictObject({
          cert_file: absolutePath(),
          key_file: absolutePath(),
          client_ca_file: absolutePath().optional(),
        })
        .optional(),
    })
    .prefault({}),
})

export type Config = z.output<typeof configSchema>
export type FeatureMapping = Config['feature'][number]
export type NamePolicy = z.output<typeof namePolicy>
export type Scope = z.output<typeof scope>
