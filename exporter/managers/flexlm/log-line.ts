/** One line of a debug log, its daemon and time of day taken off. */
export interface LogLine {
  /** Seconds since midnight, on the clock that the line was written by. */
  second: number
  daemon: string
  body: string
  /** Newer versions and some sites' wrappers put the date before the time. */
  date?: { year: number; month: number; day: number }
  /** Seconds that this clock is ahead of UTC; only with a date. */
  offset?: number
}

/** Longer lines are no events; a `Server started on … for:` list was 4 kB. */
export const longestLogLine = 16_384

/**
 * `10:01:00 (snpslmd) OUT: …`, ` 0:00:03 (snpslmd) …`, `lmgrd_1    | 10:01:00 (lmgrd) …`,
 * `2026-03-30T10:01:00+02:00 (snpslmd) …`. A time such as `12:49:3a9` is none.
 */
const shape =
  /^\uFEFF?(?:[\w.-]{1,80} *\| ?)?[ \t]*(?:(\d{4})[-/](\d\d)[-/](\d\d)[ T]|(\d{1,2})\/(\d{1,2})\/(\d{4}) )?(\d{1,2}):(\d\d):(\d\d)(?:[.,]\d{1,9})?(?:Z|([+-])(\d\d):?(\d\d))? ?\(([^()\s]{1,64})\)(?: +|$)/

export function logLine(line: string): LogLine | undefined {
  const match = shape.exec(line)
  if (!match) return undefined
  const [whole, year, yearMonth, yearDay, month, day, lateYear, ...rest] = match
  const [hour, minute, second, sign, aheadHours, aheadMinutes, daemon = ''] = rest
  const [h, m, s] = [Number(hour), Number(minute), Number(second)]
  if (h > 23 || m > 59 || s > 60) return undefined
  const found: LogLine = {
    second: h * 3600 + m * 60 + Math.min(s, 59),
    daemon,
    body: line.slice(whole.length),
  }
  if (year !== undefined) {
    found.date = { year: Number(year), month: Number(yearMonth), day: Number(yearDay) }
  } else if (lateYear !== undefined) {
    found.date = { year: Number(lateYear), month: Number(month), day: Number(day) }
  }
  if (found.date && sign !== undefined) {
    const ahead = Number(aheadHours) * 3600 + Number(aheadMinutes) * 60
    found.offset = sign === '-' ? -ahead : ahead
  } else if (found.date && /\dZ ?\($/.test(whole.slice(0, whole.indexOf('(') + 1))) {
    found.offset = 0
  }
  return found
}

export type EventKind = 'OUT' | 'IN' | 'DENIED' | 'UNSUPPORTED' | 'QUEUED' | 'DEQUEUED'

/** `OUT: "f" user@host  (2 licenses) ` without its time. */
export interface LogEvent {
  kind: EventKind
  feature: string
  /** Empty where the line names nobody. */
  user: string
  host: string
  /** What follows user@host: seats, a reason, `(SHUTDOWN)`, `[DOORS]`. */
  tail: string
}

/** `IN server died: "f" …` */
const begin = /^(OUT|IN|DENIED|UNSUPPORTED|QUEUED|DEQUEUED)(?: server died)?:/
/** Between feature and user: ` by`, ` to`, ` v2026.1  user`. */
const between = /^(?:v\d[\w.]* +)?(?:(?:requested )?(?:by|to) +)?/

export function logEvent(body: string): LogEvent | undefined {
  const found = begin.exec(body)
  if (!found) return undefined
  const [text, verbose] = withoutVerbose(body.slice(found[0].length).trim())
  // DENIED: 3 "f" to user@host
  const counted = /^(\d{1,9}) +(?="|\S+ +to )/.exec(text)
  let rest = counted ? text.slice(counted[0].length) : text
  const quoted = rest.startsWith('"')
  const end = quoted ? rest.indexOf('"', 1) : rest.search(/\s/)
  if (end < (quoted ? 2 : 1)) return undefined
  const feature = rest.slice(quoted ? 1 : 0, end)
  rest = rest.slice(end + 1).trimStart()
  // UNSUPPORTED: "f" (00B0 EF6E AFC6 B280 ) user@host  (No such feature exists. (-5,346))
  if (rest.startsWith('(')) {
    const close = rest.indexOf(')')
    if (close < 0) return undefined
    rest = rest.slice(close + 1).trimStart()
  }
  const between0 = between.exec(rest)?.[0] ?? ''
  rest = rest.slice(between0.length)
  if (between0.startsWith('v')) rest = rest.replace(/^user +(?=\S)/, '')
  // FLEXlm of last century: `DENIED: 2 f to ann (06/01/98 10:00)`.
  const named = quoted || /(?:by|to) +$/.test(between0) || /^\S+ +\(\d+ licenses?\)/.test(rest)
  const stop = holderEnd(rest) ?? (named ? nameEnd(rest) : undefined)
  if (stop === undefined) return undefined
  const who = rest.slice(0, stop)
  // The host holds no `@`; a user may: `ann@example.com@pc01`.
  const at = who.lastIndexOf('@')
  const user = (at < 0 ? who : who.slice(0, at)).trim() || verbose
  const host = at < 0 ? '' : who.slice(at + 1)
  if (user === '' && host === '') return undefined
  const seats = counted ? `(${counted[1]} licenses) ` : ''
  const kind = found[1] as EventKind
  return { kind, feature, user, host, tail: (seats + rest.slice(stop)).trim() }
}

/**
 * Vendors can have more told: `OUT: "f" @pc01 (2) ^^^ 1.0 ann 192.0.2.7 4102 0xA101 1 3 … ^^^`:
 * version, user, address, process id and handle. The user stands there alone.
 */
function withoutVerbose(text: string): [text: string, user: string] {
  const at = text.indexOf('^^^')
  if (at < 0) return [text, '']
  const told = /^\^{3} \S+ (.{1,200}?) [\da-f.:]{3,45} \d+ 0x[\da-f]+ /i.exec(text.slice(at))
  return [text.slice(0, at).trimEnd(), told?.[1] ?? '']
}

/** A holder without a host ends where seats or a reason begin. */
function nameEnd(rest: string): number | undefined {
  const end = rest.search(/ +[([]|$/)
  return end > 0 ? end : undefined
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
