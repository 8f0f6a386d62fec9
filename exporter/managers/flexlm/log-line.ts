/** One line of a debug log, its daemon and time of day taken off. */
export interface LogLine {
  /** Seconds since midnight. */
  second: number
  daemon: string
  body: string
  /** Some sites let a wrapper put the date before the time. */
  date?: { year: number; month: number; day: number }
}

/** Longer lines are no events; a `Server started on … for:` list was 4 kB. */
export const longestLogLine = 16_384

/**
 * `10:01:00 (snpslmd) OUT: …`, ` 0:00:03 (snpslmd) …`, `lmgrd_1    | 10:01:00 (lmgrd) …`. A time such
 * as `12:49:3a9` is none.
 */
const shape =
  /^\uFEFF?(?:[\w.-]{1,80} *\| ?)?[ \t]*(?:(\d{4})[-/](\d\d)[-/](\d\d)[ T]|(\d{1,2})\/(\d{1,2})\/(\d{4}) )?(\d{1,2}):(\d\d):(\d\d) \(([^()\s]{1,64})\)(?: |$)/

export function logLine(line: string): LogLine | undefined {
  const match = shape.exec(line)
  if (!match) return undefined
  const hour = Number(match[7])
  const minute = Number(match[8])
  const second = Number(match[9])
  if (hour > 23 || minute > 59 || second > 60) return undefined
  const found: LogLine = {
    second: hour * 3600 + minute * 60 + Math.min(second, 59),
    daemon: match[10] ?? '',
    body: line.slice(match[0].length),
  }
  if (match[1] !== undefined) {
    found.date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) }
  } else if (match[6] !== undefined) {
    found.date = { year: Number(match[6]), month: Number(match[4]), day: Number(match[5]) }
  }
  return found
}

const kinds = ['OUT', 'IN', 'DENIED', 'UNSUPPORTED', 'QUEUED', 'DEQUEUED'] as const
export type EventKind = (typeof kinds)[number]

/** `OUT: "f" user@host  (2 licenses) ` without its time. */
export interface LogEvent {
  kind: EventKind
  feature: string
  user: string
  host: string
  /** What follows user@host: seats, a reason, `(SHUTDOWN)`, `[DOORS]`. */
  tail: string
}

export function logEvent(body: string): LogEvent | undefined {
  const kind = kinds.find(one => body.startsWith(one) && body.charCodeAt(one.length) === 58)
  if (!kind) return undefined
  let rest = body.slice(kind.length + 1).trim()
  let feature: string
  if (rest.startsWith('"')) {
    const end = rest.indexOf('"', 1)
    if (end < 2) return undefined
    feature = rest.slice(1, end)
    rest = rest.slice(end + 1).trimStart()
  } else {
    const end = rest.search(/\s/)
    if (end < 0) return undefined
    feature = rest.slice(0, end)
    rest = rest.slice(end + 1).trimStart()
  }
  // UNSUPPORTED: "f" (00B0 EF6E AFC6 B280 ) user@host  (No such feature exists. (-5,346))
  if (rest.startsWith('(')) {
    const end = rest.indexOf(')')
    if (end < 0) return undefined
    rest = rest.slice(end + 1).trimStart()
  }
  const end = holderEnd(rest)
  if (end === undefined) return undefined
  const who = rest.slice(0, end)
  // The host holds no `@`; a user may: `ann@example.com@pc01`.
  const at = who.lastIndexOf('@')
  const user = who.slice(0, at).trim()
  const host = who.slice(at + 1)
  if (user === '' || feature === '') return undefined
  return { kind, feature, user, host, tail: rest.slice(end).trim() }
}

/** Where `user@host` ends: users have blanks (`Ann Lee@pc01`), and what follows begins `(` or `[`. */
function holderEnd(rest: string): number | undefined {
  let at = rest.indexOf('@')
  while (at >= 0) {
    const blank = rest.indexOf(' ', at)
    if (blank < 0) return rest.length
    const next = rest.indexOf('@', blank)
    const after = rest.slice(blank, blank + 40).trimStart()
    if (next < 0 || after === '' || /^[([]/.test(after)) return blank
    const between = rest.slice(blank, next)
    if (between.includes('(') || between.includes('[')) return blank
    at = next
  }
  return undefined
}
