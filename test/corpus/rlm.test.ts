import { describe, expect, test } from 'vitest'
import { decode } from '../../exporter/managers/decode.ts'
import { poolId } from '../../exporter/managers/pool-id.ts'
import { rlm } from '../../exporter/managers/rlm/index.ts'
import { expiry, withoutYear } from '../../exporter/managers/time.ts'
import type { Checkout, LogEntry, Snapshot } from '../../exporter/model.ts'
import { type Capture, captures, corpusIsThere, Facts, noCorpus } from './sidecar.ts'

const timeZone = 'UTC'
const now = new Date('2024-01-15T12:00:00Z')
const facts = new Facts()

/** Told about the capture, not by it, or without a series. */
const about = ['format', 'provenance', 'source', 'notable', 'accept', 'features_total']

function read(bytes: Buffer): Snapshot {
  const server = rlm.server.parse({ name: 'capture', manager: 'rlm', read: '/capture' })
  const output = { text: 'auto', stdout: bytes, stderr: '', exitCode: undefined, at: now }
  return rlm.parse([output], { now, timeZone, server })
}

// biome-ignore lint/suspicious/noExplicitAny: sidecars are data of many shapes.
type Sidecar = any

function compareSnapshot({ name, bytes, expect: told }: Capture): void {
  const got = read(bytes)
  const compared = ['servers', 'vendors', 'features', 'errors', 'denials', 'checkouts_total']
  const more = ['checkout_licenses_total', 'checkout_reserved_total', 'checkouts_sample']
  facts.keys(name, told, [...compared, ...more], about)
  facts.equal(`${name} up`, got.status.up, told.errors.length === 0)
  for (const error of told.errors) {
    facts.equal(`${name} error`, got.status.up || got.status.message.includes(error), true)
  }
  compareServers(name, got, told)
  for (const one of told.features) comparePool(`${name} ${one.name}`, got, one)
  facts.equal(`${name} pools`, got.pools.length, told.features.length)
  compareFeatures(name, got, told.features)
  compareCheckouts(name, got.checkouts, told, asOf(bytes))
  facts.equal(`${name} unparsed`, got.unparsed, [])
}

function compareServers(name: string, got: Snapshot, told: Sidecar): void {
  facts.equal(`${name} members`, got.members.length, told.servers.length)
  told.servers.forEach((one: Sidecar, index: number) => {
    const member = got.members[index]
    facts.keys(`${name} servers`, one, ['host', 'port', 'status', 'version'], ['uptime'])
    facts.equal(`${name} host`, member?.name, one.host)
    facts.equal(`${name} port`, member?.port, one.port)
    facts.equal(`${name} status`, member?.up ? 'UP' : 'DOWN', one.status)
    facts.equal(`${name} version`, member?.version, one.version)
    if (index === 0) facts.equal(`${name} server version`, got.status.version, one.version)
  })
  facts.equal(
    `${name} vendors`,
    got.daemons.map(({ vendor }) => vendor).sort(),
    told.vendors.map((one: Sidecar) => one.name).sort(),
  )
  for (const one of told.vendors) {
    const keys = ['name', 'status', 'port', 'restarts', 'version', 'denials_total']
    facts.keys(`${name} vendors`, one, [...keys, 'checkouts_total'], [])
    const daemon = got.daemons.find(({ vendor }) => vendor === one.name)
    const pairs = [
      ['status', daemon?.up ? 'UP' : 'DOWN'],
      ['port', daemon?.port],
      ['restarts', daemon?.restarts],
      ['version', daemon?.version],
      ['denials_total', daemon?.denials],
      ['checkouts_total', daemon?.checkouts],
    ] as const
    for (const [key, value] of pairs) {
      if (key in one) facts.equal(`${name} ${one.name} ${key}`, value, one[key])
    }
  }
}

function comparePool(path: string, got: Snapshot, one: Sidecar): void {
  const keys = ['name', 'version', 'vendor', 'pool', 'issued', 'used', 'reserved', 'expires']
  const more = ['expires_iso', 'total_checkouts', 'uncounted', 'token_based']
  facts.keys(path, one, [...keys, ...more], ['soft_limit'])
  const same = got.pools.filter(({ feature }) => feature === one.name)
  const read = one.expires === undefined ? undefined : expiry(one.expires, timeZone)
  const id = (vendor: string) =>
    poolId(vendor, one.name, one.version, read?.text ?? '', one.pool ? String(one.pool) : '')
  const pool = same.find(({ id: known, vendor }) => known === id(one.vendor ?? vendor))
  facts.equal(`${path} pool`, pool?.version, one.version)
  facts.equal(`${path} seats`, pool?.seats, one.uncounted ? undefined : (one.issued ?? undefined))
  facts.equal(`${path} used`, pool?.used, one.used ?? undefined)
  if (one.vendor) facts.equal(`${path} vendor`, pool?.vendor, one.vendor)
  else facts.equal(`${path} vendor`, ['exacorp', 'unknown'].includes(pool?.vendor ?? ''), true)
  if (one.expires) {
    facts.equal(`${path} permanent`, pool?.permanent, one.expires === 'permanent')
    facts.equal(`${path} expires`, pool?.expiresAt, read?.permanent ? undefined : read?.at)
  }
  if (one.expires_iso) {
    const at = Date.parse(`${one.expires_iso}T23:59:59Z`) / 1000
    facts.equal(`${path} expires_iso`, pool?.expiresAt, at)
  }
  const feature = got.features.find(({ name }) => name === one.name)
  if (one.uncounted) facts.equal(`${path} counting`, feature?.counting, 'uncounted')
  if (one.token_based) facts.equal(`${path} issued`, feature?.issued, undefined)
}

/** A feature is the sum of its pools. */
function compareFeatures(name: string, got: Snapshot, told: Sidecar[]): void {
  for (const feature of got.features) {
    const pools = told.filter(one => one.name === feature.name)
    const sum = (key: string) => {
      const numbers = pools.map(one => one[key]).filter(value => typeof value === 'number')
      return numbers.length === 0 ? undefined : numbers.reduce((a, b) => a + b, 0)
    }
    const uncounted = pools.some(one => one.uncounted)
    facts.equal(
      `${name} ${feature.name} issued`,
      feature.issued,
      uncounted ? undefined : sum('issued'),
    )
    facts.equal(`${name} ${feature.name} used`, feature.used, sum('used'))
    facts.equal(`${name} ${feature.name} reserved`, feature.reserved, sum('reserved'))
    facts.equal(`${name} ${feature.name} checkouts`, feature.checkouts, sum('total_checkouts'))
  }
}

function compareCheckouts(name: string, got: readonly Checkout[], told: Sidecar, at: Date): void {
  facts.equal(`${name} checkouts`, got.length, told.checkouts_total)
  const seats = got.reduce((sum, one) => sum + one.seats, 0)
  if (told.checkout_licenses_total !== undefined) {
    const reserved = told.checkout_reserved_total ?? 0
    facts.equal(`${name} seats`, seats, told.checkout_licenses_total + reserved)
  }
  const sample: Sidecar[] = told.checkouts_sample ?? []
  sample.forEach((one, index) => {
    const keys = ['feature', 'version', 'user', 'host', 'count', 'reserved', 'start']
    facts.keys(`${name} checkouts_sample`, one, keys, ['handle', 'pool', 'pid'])
    // "checkouts_sample: first three and last".
    const checkout = index === 3 ? got.at(-1) : got[index]
    for (const key of ['feature', 'version', 'user', 'host'] as const) {
      facts.equal(`${name} checkout ${index} ${key}`, checkout?.[key], one[key])
    }
    facts.equal(`${name} checkout ${index} seats`, checkout?.seats, one.count + (one.reserved ?? 0))
    const [month, day, hour, minute] = one.start.split(/[/ :]/).map(Number)
    const start = withoutYear({ month, day, hour, minute }, at, timeZone)
    facts.equal(`${name} checkout ${index} start`, checkout?.startedAt, start)
  })
}

/** The end of the year that the capture's own statistics tell; starts have none. */
function asOf(bytes: Buffer): Date {
  const year = /Recent Statistics .*(\d{4})\s*$/m.exec(decode(bytes))?.[1]
  return year === undefined ? now : new Date(`${year}-12-31T00:00:00Z`)
}

function compareLog({ name, bytes, expect: told }: Capture): void {
  // A log tells no address: of servers and vendors only the ISV's name is read.
  facts.keys(name, told, ['vendors', 'events', 'denials'], [...about, 'servers'])
  const reader = rlm.logReader?.({ now, timeZone })
  const entries = decode(bytes)
    .split(/\r?\n/)
    .map(line => reader?.read(line))
    .filter((entry): entry is LogEntry => entry !== undefined)
  const kinds = { OUT: 'checkout', IN: 'checkin', DENIED: 'denial' } as const
  for (const [word, kind] of Object.entries(kinds)) {
    const count = entries.filter(entry => entry.kind === kind).length
    facts.equal(`${name} ${word}`, count, told.events[word] ?? 0)
  }
  facts.keys(`${name} events`, told.events, Object.keys(kinds), [])
  const denials = entries.filter(entry => entry.kind === 'denial')
  const byFeature: Record<string, number> = {}
  for (const { feature } of denials) byFeature[feature] = (byFeature[feature] ?? 0) + 1
  facts.equal(`${name} denials`, byFeature, told.denials)
  for (const one of told.vendors ?? []) {
    facts.keys(`${name} vendors`, one, ['name'], ['port', 'version'])
    facts.equal(`${name} vendor`, [...new Set(entries.map(({ vendor }) => vendor))], [one.name])
  }
  facts.equal(`${name} kind`, rlm.recognise(decode(bytes)), 'debug_log')
}

describe.runIf(corpusIsThere)('the captures of RLM', () => {
  test('hold in every fact', () => {
    const statuses = [...captures('rlm-rlmstat'), ...captures('rlm-html')]
    statuses.forEach(compareSnapshot)
    const isLog = (name: string) => name.startsWith('rlm-')
    const logs = [...captures('rlm-log'), ...captures('synthetic', isLog)]
    logs.forEach(compareLog)
    expect(statuses.length + logs.length).toBeGreaterThanOrEqual(7)
    const skipped = [...facts.skippedKeys].sort().join(', ')
    console.log(`rlm: ${facts.held} facts held, ${facts.broken.length} broken; skipped ${skipped}`)
    expect(facts.broken).toEqual([])
  })
})

if (!corpusIsThere) test.skip(noCorpus, () => {})
