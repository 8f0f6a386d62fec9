import { zone } from '../managers/time.ts'

/** Which time counts in a report. */
export interface Window {
  /** Unix seconds; `to` is not part of it. */
  from: number
  to: number
  /** Monday to Friday in this zone only. */
  workdaysOf?: string | undefined
}

const day = 86_400

export function isInside(window: Window, at: number): boolean {
  if (at < window.from || at >= window.to) return false
  return window.workdaysOf === undefined || isWorkday(at, window.workdaysOf)
}

/** Seconds of this stretch that count. */
export function secondsInside(window: Window, from: number, to: number): number {
  const start = Math.max(from, window.from)
  const end = Math.min(to, window.to)
  if (end <= start) return 0
  if (window.workdaysOf === undefined) return end - start
  let seconds = 0
  for (let at = start; at < end; ) {
    const midnight = nextMidnight(at, window.workdaysOf)
    const until = Math.min(end, midnight)
    if (isWorkday(at, window.workdaysOf)) seconds += until - at
    at = until
  }
  return seconds
}

let known: { zone: string; from: number; to: number; workday: boolean } | undefined

/** Consecutive questions mostly fall on one day. */
function dayOf(at: number, name: string): { to: number; workday: boolean } {
  if (known && known.zone === name && at >= known.from && at < known.to) return known
  const local = zone(name)
  const date = local.date(at)
  const weekday = new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay()
  const from = local.instant(date.year, date.month, date.day)
  const to = local.endOfDay(date.year, date.month, date.day) + 1
  known = { zone: name, from, to: Math.max(to, at + 1), workday: weekday >= 1 && weekday <= 5 }
  return known
}

function isWorkday(at: number, name: string): boolean {
  return dayOf(at, name).workday
}

function nextMidnight(at: number, name: string): number {
  return Math.min(dayOf(at, name).to, at + day + 7200)
}
