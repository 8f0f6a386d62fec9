import type { DenialReason } from '../model.ts'
import type { HistoryFeature, HistorySink } from './concurrency.ts'
import { isInside, secondsInside, type Window } from './window.ts'

/** How long a feature had how many seats out, and what was refused. */
export interface FeatureUsage {
  vendor: string
  feature: string
  peak: number
  /** Unix seconds; undefined if it was never used. */
  peakAt: number | undefined
  /** Seats that were enough for 95 % (99 %) of the time. */
  p95: number
  p99: number
  mean: number
  /** Seconds with exactly so many seats out. */
  secondsAt: ReadonlyMap<number, number>
  denials: ReadonlyMap<DenialReason, number>
  checkouts: number
}

export interface Usage extends HistorySink {
  /** Log time passes; `gap` = nothing is known of the time before. */
  passed(at: number, gap: boolean): void
  result(): FeatureUsage[]
}

interface Account {
  since: number
  secondsAt: Map<number, number>
  peak: number
  peakAt: number | undefined
  denials: Map<DenialReason, number>
  checkouts: number
}

/** Weighed by time, to the second: no sampling. */
export function createUsage(window: Window): Usage {
  const accounts = new Map<HistoryFeature, Account>()
  let last: number | undefined
  let covered = 0

  /** The feature had this many seats out until now. */
  function account(one: Account, level: number, until: number): void {
    const seconds = secondsInside(window, one.since, until)
    if (seconds > 0) one.secondsAt.set(level, (one.secondsAt.get(level) ?? 0) + seconds)
    // What was out when the window opened is a peak of it too.
    if (seconds > 0 && level > one.peak) {
      one.peak = level
      one.peakAt = Math.max(one.since, window.from)
    }
    one.since = until
  }

  function of(feature: HistoryFeature): Account {
    return accounts.get(feature) as Account
  }

  return {
    born(feature, at) {
      accounts.set(feature, {
        since: at,
        secondsAt: new Map(),
        peak: 0,
        peakAt: undefined,
        denials: new Map(),
        checkouts: 0,
      })
    },
    level(feature, at, before) {
      const one = of(feature)
      account(one, before, at)
      if (feature.out > one.peak && isInside(window, at)) {
        one.peak = feature.out
        one.peakAt = at
      }
    },
    checkout(feature, at) {
      if (isInside(window, at)) of(feature).checkouts++
    },
    checkin() {},
    denial(feature, at, reason) {
      if (!isInside(window, at)) return
      const { denials } = of(feature)
      denials.set(reason, (denials.get(reason) ?? 0) + 1)
    },
    passed(at, gap) {
      if (gap) {
        for (const [feature, one] of accounts) {
          if (last !== undefined) account(one, feature.out, last)
          one.since = at
        }
      } else if (last !== undefined) covered += secondsInside(window, last, at)
      if (last === undefined || at > last) last = at
    },
    result() {
      return [...accounts].map(([feature, one]) => {
        if (last !== undefined) account(one, feature.out, last)
        return usageOf(feature, one, covered)
      })
    },
  }
}

function usageOf(feature: HistoryFeature, one: Account, covered: number): FeatureUsage {
  const used = [...one.secondsAt].filter(([level]) => level > 0).sort(([a], [b]) => a - b)
  const seconds = used.reduce((sum, [, s]) => sum + s, 0)
  // Before its first line a feature had none out.
  const secondsAt = new Map([[0, Math.max(0, covered - seconds)], ...used])
  return {
    vendor: feature.vendor,
    feature: feature.name,
    peak: one.peak,
    peakAt: one.peakAt,
    p95: percentile(secondsAt, covered, 0.95),
    p99: percentile(secondsAt, covered, 0.99),
    mean: covered > 0 ? used.reduce((sum, [level, s]) => sum + level * s, 0) / covered : 0,
    secondsAt,
    denials: one.denials,
    checkouts: one.checkouts,
  }
}

/** The smallest number of seats that was enough for this share of the time. */
function percentile(secondsAt: Map<number, number>, total: number, share: number): number {
  let seconds = 0
  for (const [level, s] of secondsAt) {
    seconds += s
    if (seconds >= share * total) return level
  }
  return Math.max(0, ...secondsAt.keys())
}

export function hoursAtOrAbove({ secondsAt }: FeatureUsage, seats: number): number {
  let seconds = 0
  for (const [level, s] of secondsAt) if (level >= seats) seconds += s
  return seconds / 3600
}
