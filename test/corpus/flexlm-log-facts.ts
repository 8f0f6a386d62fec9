// biome-ignore-all lint/suspicious/noExplicitAny: sidecars are data of many shapes.
import { decode } from '../../exporter/managers/decode.ts'
import { flexlm } from '../../exporter/managers/flexlm/index.ts'
import { zone } from '../../exporter/managers/time.ts'
import type { LogEntry } from '../../exporter/model.ts'
import type { Facts } from './sidecar.ts'

type Subject = Extract<LogEntry, { feature: string }>

/** A debug log: events by kind, feature, reason and day. */
export function logFacts(facts: Facts, name: string, expect: any, bytes: Uint8Array): void {
  facts.keys(
    name,
    expect,
    [
      'events',
      'vendors',
      'first_timestamp_date',
      'last_timestamp_date',
      'out_by_feature',
      'out_licenses_by_feature',
      'in_by_feature',
      'denials',
      'denials_by_code',
      'denied_dates',
      'unsupported_by_feature',
      'distinct_user_names',
      'events_sample',
      'still_out_at_end',
    ],
    ['format', 'provenance', 'source', 'notable', 'lines'],
  )
  const reader = flexlm.logReader!({ now: new Date('2026-01-02T12:00Z'), timeZone: 'UTC' })
  const entries: LogEntry[] = []
  const stamps: string[] = []
  for (const line of decode(bytes).split(/\r?\n/)) {
    const entry = reader.read(line)
    if (entry) entries.push(entry)
    if (/\) TIMESTAMP \d/.test(line)) {
      const { year, month, day } = zone('UTC').date(reader.lastAt ?? 0)
      stamps.push(`${month}/${day}/${year}`)
    }
  }
  entries.push(...(reader.end?.() ?? []))
  const subjects = entries.filter((entry): entry is Subject => 'feature' in entry)
  const ofKind = (kind: Subject['kind']) => subjects.filter(entry => entry.kind === kind)
  const denials = subjects.filter(entry => entry.kind === 'denial')
  const denied = denials.filter(entry => entry.reason !== 'no_such_feature')
  const unsupported = denials.filter(entry => entry.reason === 'no_such_feature')
  const actual: Record<string, number> = {
    OUT: ofKind('checkout').length,
    IN: ofKind('checkin').length,
    DENIED: denied.length,
    UNSUPPORTED: unsupported.length,
    QUEUED: ofKind('queued').length,
    DEQUEUED: ofKind('dequeued').length,
    TIMESTAMP: stamps.length,
  }
  facts.keys(`${name}.events`, expect.events, Object.keys(actual), [])
  for (const [kind, count] of Object.entries(actual)) {
    facts.equal(`${name}.events.${kind}`, count, expect.events[kind] ?? 0)
  }
  if (expect.vendors) {
    const vendors = [...new Set(subjects.map(entry => entry.vendor))]
    facts.equal(
      `${name}.vendors`,
      vendors.map(vendor => ({ name: vendor })),
      expect.vendors,
    )
  }
  if (expect.first_timestamp_date !== undefined) {
    facts.equal(`${name}.first`, stamps[0] ?? null, expect.first_timestamp_date)
    facts.equal(`${name}.last`, stamps.at(-1) ?? null, expect.last_timestamp_date)
  }
  const one = () => 1
  const seats = (entry: Subject) => ('seats' in entry ? (entry.seats ?? 1) : 1)
  const outSeats = sums(ofKind('checkout'), seats)
  facts.equal(`${name}.out`, sums(ofKind('checkout'), one), expect.out_by_feature)
  for (const [feature, count] of Object.entries(expect.out_licenses_by_feature ?? {})) {
    facts.equal(`${name}.out_licenses.${feature}`, outSeats[feature], count)
  }
  if (expect.in_by_feature) {
    facts.equal(`${name}.in`, sums(ofKind('checkin'), one), expect.in_by_feature)
  }
  facts.equal(`${name}.denials`, sums(denied, one), expect.denials)
  if (expect.unsupported_by_feature) {
    facts.equal(`${name}.unsupported`, sums(unsupported, one), expect.unsupported_by_feature)
  }
  if (expect.denials_by_code) {
    const codes: Record<string, number> = {}
    for (const { code = '' } of denied) codes[code] = (codes[code] ?? 0) + 1
    facts.equal(`${name}.codes`, codes, expect.denials_by_code)
  }
  if (expect.denied_dates) {
    const days: Record<string, number> = {}
    for (const { at } of denied) {
      const day = new Date(at * 1000).toISOString().slice(0, 10)
      days[day] = (days[day] ?? 0) + 1
    }
    facts.equal(`${name}.dates`, days, expect.denied_dates)
  }
  if (expect.distinct_user_names !== undefined) {
    const users = new Set(subjects.map(entry => entry.user))
    facts.equal(`${name}.users`, users.size, expect.distinct_user_names)
  }
  if (expect.still_out_at_end) {
    const out = outSeats
    for (const [feature, count] of Object.entries(sums(ofKind('checkin'), seats))) {
      out[feature] = (out[feature] ?? 0) - count
    }
    const still = Object.fromEntries(Object.entries(out).filter(([, count]) => count !== 0))
    facts.equal(`${name}.still_out`, still, expect.still_out_at_end)
  }
  for (const sample of expect.events_sample ?? []) sampleFact(facts, name, sample, subjects)
}

const kinds: Record<string, Subject['kind']> = { OUT: 'checkout', IN: 'checkin', DENIED: 'denial' }

function sampleFact(facts: Facts, name: string, sample: any, subjects: readonly Subject[]): void {
  const found = subjects.some(entry => {
    const time = new Date(entry.at * 1000).toISOString().slice(11, 19).replace(/^0/, '')
    return (
      time === sample.time.replace(/^0/, '') &&
      entry.vendor === sample.daemon &&
      entry.kind === kinds[sample.event] &&
      entry.feature === sample.feature &&
      entry.user === sample.user &&
      entry.host === sample.host &&
      ('seats' in entry ? (entry.seats ?? 1) : 1) === sample.count
    )
  })
  facts.equal(`${name}.sample.${sample.time}.${sample.feature}`, found, true)
}

function sums(entries: readonly Subject[], of: (entry: Subject) => number): Record<string, number> {
  const found: Record<string, number> = {}
  for (const entry of entries) found[entry.feature] = (found[entry.feature] ?? 0) + of(entry)
  return found
}
