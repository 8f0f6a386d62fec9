// biome-ignore-all lint/suspicious/noExplicitAny: sidecars are data of many shapes.
import { expiry } from '../../exporter/managers/time.ts'
import type { Checkout, Feature, Snapshot } from '../../exporter/model.ts'
import type { Facts } from './sidecar.ts'

const about = [
  'format',
  'provenance',
  'source',
  'notable',
  'accept',
  'encoding',
  'captured_at_local',
]

/** `lmstat -a`: server, daemons, features, checkouts. */
export function statusFacts(facts: Facts, name: string, expect: any, snapshot: Snapshot): void {
  facts.keys(
    name,
    expect,
    [
      'servers',
      'vendors',
      'features',
      'features_total',
      'checkouts_total',
      'checkout_licenses_total',
      'checkouts_sample',
      'hard_lines',
      'start_iso_local',
      'errors',
    ],
    [...about, 'lmstat_version'],
  )
  serverFacts(facts, name, expect, snapshot)
  featureFacts(facts, name, expect, snapshot)
  checkoutFacts(facts, name, expect, snapshot)
  errorFacts(facts, name, expect, snapshot)
}

function serverFacts(facts: Facts, name: string, expect: any, snapshot: Snapshot): void {
  const folded = new Map<string, any>()
  for (const one of expect.servers) {
    // One machine printed in both cases is one: the second line of a pair tells no port.
    const key =
      one.host.toLowerCase() + (folded.has(one.host.toLowerCase()) ? (one.port ?? '') : '')
    if (!folded.has(key)) folded.set(key, one)
  }
  facts.equal(`${name}.servers`, snapshot.members.length, folded.size)
  for (const one of folded.values()) {
    const path = `${name}.servers.${one.host}:${one.port}`
    facts.keys(path, one, ['host', 'port', 'status', 'role', 'version', 'error'], [])
    const member = snapshot.members.find(
      ({ name: host, port }) =>
        (host === one.host || host.endsWith(`@${one.host}`)) && (port ?? null) === one.port,
    )
    facts.equal(`${path}.status`, member?.up, one.status === 'UP')
    facts.equal(`${path}.role`, member?.master ?? false, one.role === 'MASTER')
    facts.equal(`${path}.version`, member?.version ?? null, one.version)
    if (one.error) facts.equal(`${path}.error`, member?.error, one.error)
  }
  if (expect.servers.length > 0) {
    const up = expect.servers.filter((one: any) => one.status === 'UP').length
    facts.equal(`${name}.up`, snapshot.status.up, up > expect.servers.length / 2)
  }
  const told = expect.vendors.filter((one: any) => one.status !== null)
  facts.equal(`${name}.vendors`, snapshot.daemons.length, told.length)
  for (const one of expect.vendors) {
    const path = `${name}.vendors.${one.name}`
    facts.keys(path, one, ['name', 'status', 'version', 'error'], ['server_port'])
    if (one.status === null) {
      facts.equal(
        path,
        snapshot.features.some(({ vendor }) => vendor === one.name),
        true,
      )
      continue
    }
    const daemon = snapshot.daemons.find(({ vendor }) => vendor === one.name)
    facts.equal(`${path}.status`, daemon?.up, one.status === 'UP')
    facts.equal(`${path}.version`, daemon?.version ?? null, one.version)
    if (one.error) facts.equal(`${path}.error`, daemon?.error, one.error)
  }
}

/** The same feature twice in one output is one feature with the sum. */
function summed(features: any[]): any[] {
  const found = new Map<string, any>()
  for (const one of features) {
    const key = `${one.name}`
    const known = found.get(key)
    if (!known) {
      found.set(key, { ...one, reservations: [...(one.reservations ?? [])] })
      continue
    }
    for (const [count, value] of Object.entries(one)) {
      if (typeof value === 'number') known[count] = (known[count] ?? 0) + value
    }
    known.reservations.push(...(one.reservations ?? []))
  }
  return [...found.values()]
}

function featureFacts(facts: Facts, name: string, expect: any, snapshot: Snapshot): void {
  const wanted = summed(expect.features)
  facts.equal(`${name}.features_total`, expect.features.length, expect.features_total)
  facts.equal(`${name}.features`, snapshot.features.length, wanted.length)
  for (const one of wanted) {
    const path = `${name}.features.${one.name}`
    facts.keys(
      path,
      one,
      [
        'name',
        'vendor',
        'issued',
        'used',
        'uncounted',
        'error',
        'version',
        'expires',
        'pools',
        'checkout_lines',
        'checkout_licenses',
        'reserved',
        'reservations',
        'queued',
        'queued_lines',
        'borrowed',
        'borrowed_lines',
      ],
      [],
    )
    const feature = snapshot.features.find(
      found =>
        found.name === one.name &&
        (!one.vendor || found.vendor.toLowerCase() === one.vendor.toLowerCase()),
    )
    if (!feature) {
      facts.equal(path, undefined, 'a feature')
      continue
    }
    if (one.vendor === null) facts.equal(`${path}.vendor`, feature.vendor, 'unknown')
    else if (one.vendor !== undefined) {
      facts.equal(`${path}.vendor`, feature.vendor.toLowerCase(), one.vendor.toLowerCase())
    }
    facts.equal(`${path}.issued`, feature.issued ?? null, one.issued)
    facts.equal(`${path}.used`, feature.used ?? null, one.used)
    facts.equal(`${path}.uncounted`, feature.counting === 'uncounted', one.uncounted ?? false)
    facts.equal(`${path}.error`, feature.problems.length > 0, one.error !== undefined)
    const lines = snapshot.checkouts.filter(
      checkout => checkout.feature === feature.name && checkout.vendor === feature.vendor,
    )
    lineFacts(facts, path, one, feature, lines)
    poolFacts(facts, path, one, feature, snapshot)
  }
}

function lineFacts(
  facts: Facts,
  path: string,
  one: any,
  feature: Feature,
  lines: readonly Checkout[],
): void {
  const seats = (some: readonly Checkout[]) => some.reduce((sum, line) => sum + line.seats, 0)
  const active = lines.filter(line => line.state !== 'queued')
  const queued = lines.filter(line => line.state === 'queued')
  const borrowed = lines.filter(line => line.state === 'borrowed')
  const numbers: [string, number][] = [
    ['checkout_lines', active.length],
    ['checkout_licenses', seats(active)],
    ['queued', seats(queued)],
    ['queued_lines', queued.length],
    ['borrowed', seats(borrowed)],
    ['borrowed_lines', borrowed.length],
    ['reserved', feature.reservations.reduce((sum, { seats }) => sum + seats, 0)],
  ]
  for (const [key, actual] of numbers) {
    if (one[key] !== undefined) facts.equal(`${path}.${key}`, actual, one[key])
  }
  if (one.reserved === undefined && one.checkout_lines !== undefined) {
    facts.equal(`${path}.reserved`, feature.reservations.length, 0)
  }
  if (one.reservations?.length > 0) {
    facts.equal(
      `${path}.reservations`,
      feature.reservations.map(({ kind, name, seats }) => ({ kind, name, count: seats })),
      one.reservations,
    )
  }
}

function poolFacts(
  facts: Facts,
  path: string,
  one: any,
  feature: Feature,
  snapshot: Snapshot,
): void {
  const pools = snapshot.pools.filter(
    pool => pool.feature === feature.name && pool.vendor === feature.vendor,
  )
  const wanted = one.pools ?? (one.version === undefined ? [] : [{ ...one, expiry: one.expires }])
  for (const pool of wanted) {
    facts.keys(path, pool, Object.keys(pool), [])
    const version = pool.version.replace(/^v/, '')
    const end = pool.expiry ? expiry(pool.expiry, 'UTC') : undefined
    facts.equal(
      `${path}.pools.${version}`,
      pools.some(
        found =>
          found.version === version &&
          found.permanent === (end?.permanent ?? false) &&
          found.expiresAt === (end && !end.permanent ? end.at : undefined),
      ),
      true,
    )
  }
}

function checkoutFacts(facts: Facts, name: string, expect: any, snapshot: Snapshot): void {
  const active = snapshot.checkouts.filter(({ state }) => state !== 'queued')
  if (expect.checkouts_total !== undefined) {
    facts.equal(`${name}.checkouts_total`, active.length, expect.checkouts_total)
  }
  if (expect.checkout_licenses_total !== undefined) {
    const seats = active.reduce((sum, checkout) => sum + checkout.seats, 0)
    facts.equal(`${name}.checkout_licenses_total`, seats, expect.checkout_licenses_total)
  }
  for (const one of [...(expect.checkouts_sample ?? []), ...(expect.hard_lines ?? [])]) {
    const path = `${name}.checkouts.${one.user}@${one.host}`
    facts.keys(
      path,
      one,
      [
        'user',
        'host',
        'display',
        'feature',
        'version',
        'count',
        'start',
        'start_iso_local',
        'linger',
        'ambiguous',
        'extra',
      ],
      ['handle', 'pid', 'pool_version'],
    )
    const shown = [one.display, one.extra].filter(Boolean).join(' ') || null
    const found = active.filter(
      checkout =>
        checkout.user === one.user &&
        checkout.host === one.host &&
        (checkout.display ?? null) === shown,
    )
    facts.equal(`${path}.who`, found.length > 0, true)
    const exact = found.filter(
      checkout =>
        (one.feature === undefined || checkout.feature === one.feature) &&
        (one.version === undefined || `v${checkout.version}` === one.version) &&
        (one.count === undefined || checkout.seats === one.count) &&
        (one.start_iso_local === undefined || local(checkout.startedAt) === one.start_iso_local) &&
        (one.linger === undefined || checkout.lingerSeconds === Number.parseInt(one.linger, 10)),
    )
    facts.equal(`${path}.line`, exact.length > 0, true)
  }
  for (const [user, at] of Object.entries(expect.start_iso_local ?? {})) {
    const checkout = snapshot.checkouts.find(found => found.user === user)
    facts.equal(`${name}.start.${user}`, local(checkout?.startedAt), at)
  }
}

/** The captures were compared in UTC: the server's wall clock. */
function local(unix: number | undefined): string | undefined {
  return unix === undefined ? undefined : new Date(unix * 1000).toISOString().slice(0, 16)
}

function errorFacts(facts: Facts, name: string, expect: any, snapshot: Snapshot): void {
  for (const error of expect.errors ?? []) {
    const said = [
      snapshot.status.up ? '' : snapshot.status.message,
      ...snapshot.members.map(({ error: own = '' }) => own),
      ...snapshot.daemons.map(({ error: own = '' }) => own),
    ].filter(Boolean)
    const times = / x (\d+)$/.exec(error)
    const features = snapshot.features.filter(feature => feature.problems.length > 0)
    const known =
      said.some(one => error.includes(one)) ||
      features.length === Number(times?.[1]) ||
      features.some(feature => error.includes(feature.name) || /unsupported/.test(error))
    facts.equal(`${name}.errors.${error}`, known, true)
  }
}
