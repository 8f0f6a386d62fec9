import { collectErrorCode, collectErrorCodes } from '../errors.ts'
import type { DenialReason, LogEntry } from '../model.ts'
import {
  type FeatureTally,
  featureKey,
  type HeldCounts,
  type Reading,
  type Tally,
} from '../state.ts'

/**
 * Counters across polls and log lines. A series that is born with its first count would be born at
 * 1, and Prometheus cannot see a rise from nothing: it is shown as 0 from the reading it is born in,
 * what happened is held, and counts from the next reading on.
 */
export function newTally(sections: readonly string[]): Tally {
  return {
    errors: new Map(collectErrorCodes.map(code => [code, 0])),
    unparsed: new Map(sections.map(section => [section, 0])),
    features: new Map(),
    peaks: new Map(),
    refused: new Map(),
  }
}

/** `hasLogs`: the features of the reading have counters from now on, at 0. */
export function tallyReading(tally: Tally, reading: Reading, hasLogs: boolean): void {
  release(tally)
  for (const error of reading.besideErrors ?? []) tallyError(tally, error)
  if ('error' in reading) {
    tallyError(tally, reading.error)
    return
  }
  for (const { section } of reading.snapshot.unparsed) add(tally.unparsed, section)
  if (!hasLogs) return
  for (const { vendor, name } of reading.snapshot.features) {
    const one = tally.features.get(featureKey(vendor, name)) ?? born(tally, vendor, name)
    seen(one)
  }
}

export function tallyError(tally: Tally, error: unknown): void {
  add(tally.errors, collectErrorCode(error))
}

export function tallyLogEntry(tally: Tally, entry: LogEntry): void {
  switch (entry.kind) {
    case 'peak':
      for (const { group, peak } of [entry, ...(entry.others ?? [])]) tally.peaks.set(group, peak)
      return
    case 'refused_total':
      tally.refused.set(entry.vendor, entry.total)
      return
    case 'denial':
      tallyDenial(featureOf(tally, entry.vendor, entry.feature), entry.reason)
      return
    case 'checkout': {
      const one = featureOf(tally, entry.vendor, entry.feature)
      const counts = one.held?.feature ?? one
      counts.checkouts++
      counts.checkoutSeats += entry.seats
      return
    }
    case 'checkin': {
      const one = featureOf(tally, entry.vendor, entry.feature)
      const counts = one.held?.feature ?? one
      counts.checkins++
    }
  }
}

function tallyDenial(one: FeatureTally, reason: DenialReason): void {
  if (!one.denials.has(reason)) {
    one.denials.set(reason, 0)
    heldOf(one).denials.set(reason, { seen: false, count: 0 })
  }
  const held = one.held?.denials.get(reason)
  if (held) held.count++
  else add(one.denials, reason)
}

function featureOf(tally: Tally, vendor: string, feature: string): FeatureTally {
  return tally.features.get(featureKey(vendor, feature)) ?? born(tally, vendor, feature)
}

function born(tally: Tally, vendor: string, feature: string): FeatureTally {
  const one: FeatureTally = {
    vendor,
    feature,
    denials: new Map([['no_seats', 0]]),
    checkouts: 0,
    checkins: 0,
    checkoutSeats: 0,
    held: {
      feature: { seen: false, checkouts: 0, checkins: 0, checkoutSeats: 0 },
      denials: new Map([['no_seats', { seen: false, count: 0 }]]),
    },
  }
  tally.features.set(featureKey(vendor, feature), one)
  return one
}

function heldOf(one: FeatureTally): HeldCounts {
  one.held ??= { feature: undefined, denials: new Map() }
  return one.held
}

/** What was seen at 0 since an earlier reading counts now; what is new is seen at 0 until the next. */
function release(tally: Tally): void {
  for (const one of tally.features.values()) {
    const { held } = one
    if (!held) continue
    if (held.feature?.seen) {
      one.checkouts += held.feature.checkouts
      one.checkins += held.feature.checkins
      one.checkoutSeats += held.feature.checkoutSeats
      held.feature = undefined
    }
    for (const [reason, { seen, count }] of held.denials) {
      if (!seen) continue
      add(one.denials, reason, count)
      held.denials.delete(reason)
    }
    seen(one)
    if (!held.feature && held.denials.size === 0) delete one.held
  }
}

function seen({ held }: FeatureTally): void {
  if (held?.feature) held.feature.seen = true
  for (const denials of held?.denials.values() ?? []) denials.seen = true
}

function add<K>(counts: Map<K, number>, key: K, count = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + count)
}
