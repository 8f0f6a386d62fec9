import { zone } from '../../exporter/managers/time.ts'
import type { LogEntry } from '../../exporter/model.ts'

/**
 * The slow and obvious way: for every second and every feature, walk the log from its beginning and
 * add up what is out. No code of exporter/history.
 */
export function slowLevels(
  entries: readonly LogEntry[],
  feature: string,
  from: number,
  to: number,
): number[] {
  const levels: number[] = []
  const held: { user: string; seats: number }[] = []
  let next = 0
  for (let second = from; second < to; second++) {
    for (; next < entries.length && (entries[next] as LogEntry).at <= second; next++) {
      apply(held, entries[next] as LogEntry, feature)
    }
    levels.push(held.reduce((sum, { seats }) => sum + seats, 0))
  }
  return levels
}

/** The highest number after any line of the stretch, or at its beginning. */
export function slowPeak(
  entries: readonly LogEntry[],
  feature: string,
  from: number,
  to: number,
  counts: (at: number) => boolean,
): number {
  const held: { user: string; seats: number }[] = []
  let peak = slowLevels(entries, feature, from, to).reduce(
    (most, level, index) => (counts(from + index) ? Math.max(most, level) : most),
    0,
  )
  for (const entry of entries) {
    apply(held, entry, feature)
    const out = held.reduce((sum, { seats }) => sum + seats, 0)
    if (entry.at >= from && entry.at < to && counts(entry.at)) peak = Math.max(peak, out)
  }
  return peak
}

function apply(held: { user: string; seats: number }[], entry: LogEntry, feature: string): void {
  if (entry.kind === 'start' || entry.kind === 'stop') held.length = 0
  else if ('feature' in entry && entry.feature === feature) {
    if (entry.kind === 'checkout') held.push({ user: entry.user ?? '', seats: entry.seats })
    if (entry.kind === 'checkin') {
      let seats = entry.seats
      for (const one of held) {
        if (one.user !== entry.user) continue
        const back = Math.min(seats, one.seats)
        one.seats -= back
        seats -= back
      }
    }
  }
}

export function slowPercentile(levels: readonly number[], share: number): number {
  const sorted = [...levels].sort((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1] ?? 0
}

const hours = new Map<number, boolean>()

/** The zone's clocks change at full hours: one look at the calendar an hour. */
export function isSlowWorkday(at: number, zoneName: string): boolean {
  const hour = Math.floor(at / 3600)
  const known = hours.get(hour)
  if (known !== undefined) return known
  const { year, month, day } = zone(zoneName).date(at)
  const workday = ![0, 6].includes(new Date(Date.UTC(year, month - 1, day)).getUTCDay())
  hours.set(hour, workday)
  return workday
}
