import type { DenialReason, Hint, LogEntry } from '../model.ts'
import { createHolders, type Held, hold } from './holders.ts'

/** One feature of the history; the same object for its whole life. */
export interface HistoryFeature {
  /** 0, 1, 2 … in the order of birth: finds what is kept of it in an array. */
  readonly index: number
  readonly vendor: string
  readonly name: string
  /** Seats out now. */
  out: number
}

/** What the log says, in order of time (Unix seconds, never backward). */
export interface HistorySink {
  /** A feature is named for the first time. */
  born(feature: HistoryFeature, at: number): void
  /** `feature.out` was `before` until now. */
  level(feature: HistoryFeature, at: number, before: number): void
  checkout(feature: HistoryFeature, at: number, seats: number): void
  checkin(feature: HistoryFeature, at: number): void
  denial(feature: HistoryFeature, at: number, reason: DenialReason): void
}

/** Lines that do not fit; each is a line of the report. */
export interface HistoryCounts {
  entries: number
  /** A check-in of more than was out: its checkout stands in front of the log, or was lost. */
  unpairedCheckins: number
  /** Checkouts that a restart ended. */
  endedByRestart: number
  /** Checkouts still out at the end. */
  stillOut: number
  /** Entries whose time runs backward; they are read as of the time before. */
  backward: number
}

export interface Concurrency {
  entry(entry: LogEntry): void
  readonly counts: HistoryCounts
}

interface Features {
  feature: HistoryFeature
  vendor: Vendor
  held: Held
  /** How many hold a seat. */
  holding: number
}

interface Vendor {
  features: Map<string, Features>
  /** Check-ins that follow the daemon's end belong to checkouts that it ended itself. */
  stopped: boolean
}

/** Seats out by feature, from checkouts and check-ins. */
export function createConcurrency(sink: HistorySink): Concurrency {
  const vendors = new Map<string, Vendor>()
  let now = Number.NEGATIVE_INFINITY
  const counts = { entries: 0, unpairedCheckins: 0, endedByRestart: 0, backward: 0 }

  const holders = createHolders()
  /** By index of the feature. */
  const all: Features[] = []
  /** Line after line is of the same daemon. */
  let newest: { name: string | undefined; vendor: Vendor } = { name: undefined, vendor: noVendor() }

  /** Daemon names are compared without case: every spelling leads to the same one. */
  function vendorOf(name: string): Vendor {
    if (name === newest.name) return newest.vendor
    let known = vendors.get(name)
    if (!known) {
      const key = name.toLowerCase()
      known = vendors.get(key) ?? noVendor()
      vendors.set(key, known)
      vendors.set(name, known)
    }
    newest = { name, vendor: known }
    return known
  }

  function featureOf(vendor: Vendor, vendorName: string, name: string, hint?: Hint): Features {
    const known = hint && all[hint.place]
    if (known && known.vendor === vendor && known.feature.name === name) return known
    const found = vendor.features.get(name) ?? bear(vendor, vendorName, name)
    if (hint) hint.place = found.feature.index
    return found
  }

  function bear(vendor: Vendor, vendorName: string, name: string): Features {
    const feature = { index: all.length, vendor: vendorName, name, out: 0 }
    const its = { feature, vendor, held: [], holding: 0 }
    vendor.features.set(name, its)
    all.push(its)
    sink.born(feature, now)
    return its
  }

  function setOut(feature: HistoryFeature, out: number): void {
    const before = feature.out
    if (out === before) return
    feature.out = out
    sink.level(feature, now, before)
  }

  /** What was out is in again. */
  function restart(vendor: Vendor): void {
    for (const its of vendor.features.values()) {
      counts.endedByRestart += its.holding
      its.held.length = 0
      its.holding = 0
      setOut(its.feature, 0)
    }
  }

  return {
    entry(entry) {
      counts.entries++
      if (entry.at < now) counts.backward++
      else now = entry.at
      const vendor = vendorOf(entry.vendor)
      if (entry.kind === 'start' || entry.kind === 'stop') {
        restart(vendor)
        vendor.stopped = entry.kind === 'stop'
        return
      }
      if (!('feature' in entry)) return
      const its = featureOf(vendor, entry.vendor, entry.feature, entry.featureHint)
      const { feature } = its
      if (entry.kind === 'denial') sink.denial(feature, now, entry.reason)
      if (entry.kind !== 'checkout' && entry.kind !== 'checkin') return
      if (holders.full) holders.renumber(all.map(({ held }) => held))
      const number = holders.numberOf(entry.user ?? '', entry.host ?? '', entry.holderHint)
      const before = number < its.held.length ? (its.held[number] as number) : 0
      if (entry.kind === 'checkout') {
        vendor.stopped = false
        hold(its.held, number, before + entry.seats)
        if (before === 0 && entry.seats > 0) its.holding++
        setOut(feature, feature.out + entry.seats)
        sink.checkout(feature, now, entry.seats)
        return
      }
      if (entry.seats > before && !vendor.stopped) counts.unpairedCheckins++
      const seats = Math.min(entry.seats, before)
      if (seats > 0) {
        hold(its.held, number, before - seats)
        if (before === seats) its.holding--
        setOut(feature, feature.out - seats)
      }
      sink.checkin(feature, now)
    },
    get counts() {
      let stillOut = 0
      for (const { features } of new Set(vendors.values())) {
        for (const { holding } of features.values()) stillOut += holding
      }
      return { ...counts, stillOut }
    },
  }
}

function noVendor(): Vendor {
  return { features: new Map(), stopped: false }
}
