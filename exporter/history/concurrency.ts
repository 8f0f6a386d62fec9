import type { DenialReason, LogEntry } from '../model.ts'

/** One feature of the history; the same object for its whole life. */
export interface HistoryFeature {
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

/** Seats that somebody has out. */
interface Held {
  seats: number
}

interface Features {
  feature: HistoryFeature
  /** Whoever had a seat out once may be here with 0: they mostly come again. */
  holders: Map<string, Held>
  /** Those of them that have one out now. */
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

  const holderKey = createHolderKeys()

  /** Daemon names are compared without case: every spelling leads to the same one. */
  function vendorOf(name: string): Vendor {
    let known = vendors.get(name)
    if (!known) {
      const key = name.toLowerCase()
      known = vendors.get(key) ?? { features: new Map(), stopped: false }
      vendors.set(key, known)
      vendors.set(name, known)
    }
    return known
  }

  function featureOf(vendor: Vendor, vendorName: string, name: string) {
    let known = vendor.features.get(name)
    if (!known) {
      known = { feature: { vendor: vendorName, name, out: 0 }, holders: new Map(), holding: 0 }
      vendor.features.set(name, known)
      sink.born(known.feature, now)
    }
    return known
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
      its.holders.clear()
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
      const its = featureOf(vendor, entry.vendor, entry.feature)
      const { feature } = its
      if (entry.kind === 'denial') sink.denial(feature, now, entry.reason)
      if (entry.kind !== 'checkout' && entry.kind !== 'checkin') return
      const held = heldBy(its, holderKey(entry.user ?? '', entry.host ?? ''))
      const before = held.seats
      if (entry.kind === 'checkout') {
        vendor.stopped = false
        held.seats = before + entry.seats
        if (before === 0) its.holding++
        setOut(feature, feature.out + entry.seats)
        sink.checkout(feature, now, entry.seats)
        return
      }
      if (entry.seats > before && !vendor.stopped) counts.unpairedCheckins++
      const seats = Math.min(entry.seats, before)
      held.seats = before - seats
      if (seats > 0 && held.seats === 0) its.holding--
      setOut(feature, feature.out - seats)
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

function heldBy(its: Features, holder: string): Held {
  const known = its.holders.get(holder)
  if (known) return known
  if (its.holders.size > 1000 + 2 * its.holding) {
    for (const [key, { seats }] of its.holders) if (seats === 0) its.holders.delete(key)
  }
  const held = { seats: 0 }
  its.holders.set(holder, held)
  return held
}

/** As many as a large site has people at machines; above it they are made anew. */
const mostKeys = 32_768

/** One string for user and host, made once: to join them at every line cost as much as to read it. */
function createHolderKeys(): (user: string, host: string) => string {
  const users = new Map<string, Map<string, string>>()
  let size = 0
  return (user, host) => {
    let hosts = users.get(user)
    if (!hosts) {
      hosts = new Map()
      users.set(user, hosts)
    }
    const known = hosts.get(host)
    if (known !== undefined) return known
    if (++size > mostKeys) {
      users.clear()
      size = 0
    }
    const key = `${user}\n${host}`
    hosts.set(host, key)
    return key
  }
}
