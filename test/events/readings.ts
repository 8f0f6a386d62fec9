import { ExporterError } from '../../exporter/errors.ts'
import { createAnnouncer } from '../../exporter/events/announcer.ts'
import type { ServerFacts } from '../../exporter/events/step.ts'
import type { Feature, Pool, Snapshot } from '../../exporter/model.ts'
import type { Reading } from '../../exporter/state.ts'

export const server: ServerFacts = {
  name: 'cad',
  manager: 'flexlm',
  members: ['lic1'],
  usedByPool: false,
}
export const start = Date.UTC(2026, 0, 5, 12)
export const day = 86_400

export function feature(over: Partial<Feature> = {}): Feature {
  return {
    vendor: 'adskflex',
    name: 'ACAD',
    counting: 'counted',
    issued: 10,
    used: 0,
    reservations: [],
    problems: [],
    ...over,
  }
}

export function pool(id: string, days: number, over: Partial<Pool> = {}): Pool {
  return {
    id,
    vendor: 'adskflex',
    feature: 'ACAD',
    version: '1.0',
    seats: 10,
    permanent: false,
    expiresAt: start / 1000 + days * day,
    source: 'served',
    ...over,
  }
}

export function snapshot(over: Partial<Snapshot> = {}): Snapshot {
  return {
    status: { up: true },
    members: [{ name: 'lic1', up: true, master: true }],
    daemons: [{ vendor: 'adskflex', up: true }],
    features: [feature()],
    pools: [],
    checkouts: [],
    unparsed: [],
    ...over,
  }
}

export function down(reason: 'down' | 'connect' | 'quorum' = 'connect'): Snapshot {
  return snapshot({ status: { up: false, reason, message: '' }, members: [], features: [] })
}

/** Readings a minute apart; what each announces. */
export function announced(
  readings: (Snapshot | ExporterError)[],
  { facts = server, saved = {}, minutes = 1 } = {} as {
    facts?: ServerFacts
    saved?: Parameters<typeof createAnnouncer>[0]
    minutes?: number
  },
) {
  const announcer = createAnnouncer(saved)
  const told = readings.map((one, index) => {
    const at = new Date(start + index * minutes * 60_000)
    const base = { server: 'cad', manager: 'flexlm', at, seconds: 0.1 }
    const reading: Reading =
      one instanceof ExporterError ? { ...base, error: one } : { ...base, snapshot: one }
    return announcer.reading(facts, reading, at).map(({ draft }) => draft)
  })
  return Object.assign(told, { saved: announcer.announced() })
}

export const names = (told: readonly { event: string }[][]) =>
  told.map(one => one.map(({ event }) => event))
export const timeout = new ExporterError('timeout', 'too late')
export const missing = new ExporterError('tool_missing', 'no lmutil')
