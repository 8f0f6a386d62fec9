import fc from 'fast-check'
import { type CollectErrorCode, collectErrorCodes, ExporterError } from '../exporter/errors.ts'
import type { Checkout, Daemon, Feature, Member, Pool, Snapshot } from '../exporter/model.ts'
import { featureKey, type Reading, type ServerState } from '../exporter/state.ts'

/** Server states to test with: by hand, and generated. */
export const now = new Date('2026-03-10T12:00:00Z')

export function snapshot(more: Partial<Snapshot> = {}): Snapshot {
  return {
    status: { up: true },
    members: [],
    daemons: [],
    features: [],
    pools: [],
    checkouts: [],
    unparsed: [],
    ...more,
  }
}

export function feature(name: string, more: Partial<Feature> = {}): Feature {
  const counting = 'counted'
  return { vendor: 'acme', name, counting, reservations: [], problems: [], ...more }
}

export function checkout(name: string, more: Partial<Checkout> = {}): Checkout {
  return { vendor: 'acme', feature: name, seats: 1, state: 'active', ...more }
}

export function pool(id: string, more: Partial<Pool> = {}): Pool {
  const common = { vendor: 'acme', feature: 'draw', version: '1.0', permanent: true }
  return { id, ...common, source: 'served', ...more }
}

export function serverState(more: Partial<ServerState> = {}): ServerState {
  return {
    name: 'cad',
    manager: 'flexlm',
    members: ['lic1'],
    intervalSeconds: 60,
    hasLogs: false,
    reading: undefined,
    good: undefined,
    delaySeconds: undefined,
    tally: {
      errors: new Map(),
      unparsed: new Map(),
      features: new Map(),
      peaks: new Map(),
      refused: new Map(),
    },
    log: undefined,
    ...more,
  }
}

/** A server whose last reading is this answer. */
export function answered(
  answer: Snapshot,
  more: Partial<ServerState> = {},
  at = now,
): ServerState & { reading: Reading } {
  const reading = { server: 'cad', manager: 'flexlm', at, seconds: 0.25, snapshot: answer }
  return { ...serverState(more), reading, good: reading }
}

/** The same server after a reading that failed. */
export function failed(code: CollectErrorCode, before: ServerState = serverState()): ServerState {
  const error = new ExporterError(code, 'no answer')
  return { ...before, reading: { server: 'cad', manager: 'flexlm', at: now, seconds: 10, error } }
}

// Few names, so that they meet; odd ones, so that escaping is tried.
const vendor = fc.constantFrom('acme', 'ACME', 'bolt', '')
const name = fc.constantFrom('draw', 'Draw', 'x"y', 'back\\slash', 'two\nlines', '山', 'a,b={c} 1')
const seats = fc.nat(2000)
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })
// exactOptionalPropertyTypes: an unknown value is a key that is not there.
const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T
const record = <T extends object>(shape: { [K in keyof T]-?: fc.Arbitrary<T[K] | undefined> }) =>
  fc.record(shape as Record<string, fc.Arbitrary<unknown>>).map(one => present(one) as unknown as T)

const time = fc.integer({ min: 1_700_000_000, max: 1_900_000_000 })
const member = record<Member>({
  name: fc.constantFrom('lic1', 'lic2', 'lic3'),
  up: fc.boolean(),
  master: maybe(fc.boolean()),
  version: maybe(name),
  port: fc.constant(undefined),
  error: fc.constant(undefined),
})
const daemon = record<Daemon>({
  vendor,
  up: fc.boolean(),
  version: maybe(name),
  error: fc.constant(undefined),
  port: fc.constant(undefined),
  restarts: maybe(fc.nat(9)),
  denials: maybe(fc.nat(99)),
})
const someFeature = record<Feature>({
  vendor,
  name,
  counting: fc.constantFrom('counted', 'uncounted'),
  issued: maybe(seats),
  used: maybe(seats),
  reserved: maybe(seats),
  reservations: fc.array(fc.record({ kind: fc.constant('GROUP'), name, seats }), { maxLength: 2 }),
  display: maybe(name),
  problems: fc.array(fc.constantFrom('expired', 'unsupported'), { maxLength: 3 }),
  checkouts: maybe(fc.nat(999)),
  installed: maybe(seats),
  installedExpiresAt: maybe(time),
})
const somePool = record<Pool>({
  id: fc.constantFrom('00000001', '00000002'),
  vendor,
  feature: name,
  version: name,
  seats: maybe(seats),
  used: maybe(seats),
  permanent: fc.boolean(),
  expiresAt: maybe(time),
  source: fc.constantFrom('served', 'file'),
})
const someCheckout = record<Checkout>({
  vendor,
  feature: name,
  version: fc.constant(undefined),
  user: maybe(name),
  host: maybe(name),
  display: fc.constant(undefined),
  seats,
  startedAt: maybe(time),
  state: fc.constantFrom('active', 'borrowed', 'queued'),
  lingerSeconds: fc.constant(undefined),
})
const someSnapshot = record<Snapshot>({
  status: fc.oneof(
    fc.constant({ up: true as const, version: 'v11.19' }),
    fc.constantFrom('down' as const, 'connect' as const, 'quorum' as const).map(reason => ({
      up: false as const,
      reason,
      message: 'no',
    })),
  ),
  members: fc.array(member, { maxLength: 4 }),
  daemons: fc.array(daemon, { maxLength: 3 }),
  features: fc.array(someFeature, { maxLength: 6 }),
  pools: fc.array(somePool, { maxLength: 6 }),
  checkouts: fc.array(someCheckout, { maxLength: 12 }),
  unparsed: fc.constant([]),
})
const denials = fc.dictionary(fc.constantFrom('no_seats', 'expired', 'other'), fc.nat(9))

/** Any server at any moment of its life, as metrics see it. */
export const anyServerState: fc.Arbitrary<ServerState> = fc
  .record({
    manager: fc.constantFrom('flexlm', 'rlm', 'sesinetd'),
    members: fc.uniqueArray(fc.constantFrom('lic1', 'lic2', 'lic3')),
    hasLogs: fc.boolean(),
    delaySeconds: maybe(fc.nat(60)),
    good: maybe(someSnapshot),
    error: maybe(fc.constantFrom(...collectErrorCodes)),
    age: fc.constantFrom(0, 60, 179, 180, 4000),
    tallied: fc.array(fc.tuple(vendor, name, denials, fc.nat(99)), { maxLength: 4 }),
    sections: fc.dictionary(fc.constantFrom('heading', 'checkout'), fc.nat(9)),
    refused: fc.dictionary(vendor, fc.nat(9)),
    log: maybe(fc.record({ lines: fc.nat(), lagBytes: fc.nat(), lastLineAt: maybe(time) })),
  })
  .map(({ good, error, age, tallied, sections, refused, ...rest }) => {
    const at = new Date(now.getTime() - age * 1000)
    const state = good ? answered(good, rest, at) : serverState(rest)
    const after = error ? failed(error, state) : state
    const features = new Map(
      tallied.map(([vendor, feature, counts, checkouts]) => [
        featureKey(vendor, feature),
        {
          vendor,
          feature,
          denials: new Map(Object.entries(counts)) as Map<never, number>,
          checkouts,
          checkins: 1,
          checkoutSeats: checkouts * 2,
        },
      ]),
    )
    const tally = {
      errors: new Map(error ? [[error, 3]] : []),
      unparsed: new Map(Object.entries(sections)),
      features,
      peaks: new Map([['group', 5]]),
      refused: new Map(Object.entries(refused)),
    }
    return { ...after, tally } as ServerState
  })
