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
  feature: HistoryFeature
  since: number
  secondsAt: Levels
  peak: number
  peakAt: number | undefined
  denials: Map<DenialReason, number>
  checkouts: number
}

/** Weighed by time, to the second: no sampling. */
export function createUsage(window: Window): Usage {
  /** By index of the feature. */
  const accounts: Account[] = []
  let last: number | undefined
  let covered = 0

  /** The feature had this many seats out until now. */
  function account(one: Account, level: number, until: number): void {
    const seconds = secondsInside(window, one.since, until)
    if (seconds > 0) one.secondsAt.add(level, seconds)
    // What was out when the window opened is a peak of it too.
    if (seconds > 0 && level > one.peak) {
      one.peak = level
      one.peakAt = Math.max(one.since, window.from)
    }
    one.since = until
  }

  function of(feature: HistoryFeature): Account {
    return accounts[feature.index] as Account
  }

  return {
    born(feature, at) {
      accounts[feature.index] = {
        feature,
        since: at,
        secondsAt: createLevels(),
        peak: 0,
        peakAt: undefined,
        denials: new Map(),
        checkouts: 0,
      }
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
        for (const one of accounts) {
          if (last !== undefined) account(one, one.feature.out, last)
          one.since = at
        }
      } else if (last !== undefined) covered += secondsInside(window, last, at)
      if (last === undefined || at > last) last = at
    },
    result() {
      return accounts.map(one => {
        if (last !== undefined) account(one, one.feature.out, last)
        return usageOf(one, covered)
      })
    },
  }
}

function usageOf(one: Account, covered: number): FeatureUsage {
  const { feature } = one
  const used = one.secondsAt
    .all()
    .filter(([level]) => level > 0)
    .sort(([a], [b]) => a - b)
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

interface Levels {
  add(level: number, seconds: number): void
  all(): [level: number, seconds: number][]
}

/** Seconds by level: an array as far as levels mostly go. */
function createLevels(): Levels {
  const low: number[] = [0]
  const high = new Map<number, number>()
  return {
    add(level, seconds) {
      if (level < low.length) low[level] = (low[level] as number) + seconds
      else if (level < 10_000) {
        while (low.length < level) low.push(0)
        low.push(seconds)
      } else high.set(level, (high.get(level) ?? 0) + seconds)
    },
    all: () => [...[...low.entries()].filter(([, seconds]) => seconds > 0), ...high],
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
