/** Local times as vendors print them: no zone, often no year. Everything here is pure. */

const months: Readonly<Record<string, number>> = {
  jan: 1,
  feb: 2,
  mar: 3,
  apr: 4,
  may: 5,
  jun: 6,
  jul: 7,
  aug: 8,
  sep: 9,
  oct: 10,
  nov: 11,
  dec: 12,
}

const daySeconds = 86_400

/** A wall clock in one IANA zone; offsets are cached a day at a time, so that 6,000 checkouts cost one. */
export class Zone {
  readonly name: string
  readonly #format: Intl.DateTimeFormat
  readonly #days = new Map<number, number | undefined>()

  /** @throws RangeError for a zone that the platform does not know */
  constructor(name: string) {
    this.name = name
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  }

  /** Seconds that the zone's wall clock is ahead of UTC at this instant. */
  offsetAt(unix: number): number {
    return this.offsetOfDay(Math.floor(unix / daySeconds)) ?? this.#measured(unix)
  }

  #measured(unix: number): number {
    const parts: Record<string, number> = {}
    for (const { type, value } of this.#format.formatToParts(unix * 1000)) {
      if (type !== 'literal') parts[type] = Number(value)
    }
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - Math.floor(unix)
  }

  /**
   * Seconds that the wall clock is ahead of UTC all through this day, counted from 1970; undefined
   * where it changes on that day or right beside it.
   */
  offsetOfDay(dayNumber: number): number | undefined {
    const known = this.#days.get(dayNumber)
    if (known !== undefined || this.#days.has(dayNumber)) return known
    const before = this.#measured(dayNumber * daySeconds - daySeconds / 2)
    const after = this.#measured((dayNumber + 1) * daySeconds + daySeconds / 2)
    const offset = before === after ? before : undefined
    if (this.#days.size > 10_000) this.#days.clear()
    this.#days.set(dayNumber, offset)
    return offset
  }

  /**
   * The instant at which the zone's wall clock shows this time. A time that a change of the clocks
   * skips is read with the offset before it; one that comes twice is its first.
   */
  instant(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
    const wall = Date.UTC(year, month - 1, day, hour, minute, second) / 1000
    const offset = this.offsetOfDay(Math.floor(wall / daySeconds))
    if (offset !== undefined) return wall - offset
    const before = this.offsetAt(wall - daySeconds)
    const after = this.offsetAt(wall + daySeconds)
    const first = wall - Math.max(before, after)
    if (this.offsetAt(first) === Math.max(before, after)) return first
    const later = wall - Math.min(before, after)
    if (this.offsetAt(later) === Math.min(before, after)) return later
    return wall - before
  }

  /** Last second of this day, on the zone's wall clock. */
  endOfDay(year: number, month: number, day: number): number {
    const next = new Date(Date.UTC(year, month - 1, day + 1))
    return this.instant(next.getUTCFullYear(), next.getUTCMonth() + 1, next.getUTCDate()) - 1
  }

  /** Year, month and day that the zone's wall clock shows. */
  date(unix: number): { year: number; month: number; day: number } {
    const local = new Date((unix + this.offsetAt(unix)) * 1000)
    return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() }
  }
}

const zones = new Map<string, Zone>()

/** @throws RangeError for a zone that the platform does not know */
export function zone(name: string): Zone {
  const known = zones.get(name)
  if (known) return known
  const made = new Zone(name)
  zones.set(name, made)
  return made
}

export type Expiry =
  | { permanent: true; text: 'permanent' }
  | { permanent: false; at: number; text: string }

/** Years that vendors write where they mean "never". */
const never = new Set([0, 2099, 2242, 9999])

/**
 * An expiry as vendors write it: `31-dec-2026`, `1-jan-0`, `permanent(no expiration date)`,
 * `2026-12-31`, `2026/12/31`. undefined = not readable: an error to count, never permanent.
 */
export function expiry(text: string, zoneName: string): Expiry | undefined {
  const trimmed = text.trim()
  if (/^permanent\b|^never$|^unlimited$/i.test(trimmed))
    return { permanent: true, text: 'permanent' }
  const day = readDay(trimmed)
  if (!day) return undefined
  if (never.has(day.year)) return { permanent: true, text: 'permanent' }
  // A day that does not exist (31-feb) rolls over in Date.UTC: refuse it instead.
  const check = new Date(Date.UTC(day.year, day.month - 1, day.day))
  if (check.getUTCMonth() + 1 !== day.month || day.year < 1970) return undefined
  const iso = check.toISOString().slice(0, 10)
  return { permanent: false, at: zone(zoneName).endOfDay(day.year, day.month, day.day), text: iso }
}

function readDay(text: string): { year: number; month: number; day: number } | undefined {
  const named = /^(\d{1,2})-([a-z]{3})[a-z]*-(\d{1,4})$/i.exec(text)
  if (named) {
    const [, day = '', name = '', yearText = ''] = named
    const month = months[name.toLowerCase()]
    const year = yearText.length === 2 ? century(Number(yearText)) : Number(yearText)
    return month === undefined ? undefined : { year, month, day: Number(day) }
  }
  const numeric = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:$|[T ])/.exec(text)
  if (!numeric) return undefined
  return { year: Number(numeric[1]), month: Number(numeric[2]), day: Number(numeric[3]) }
}

/** `1-jan-99` is of last century: license files are no older than 1980; `00` means never. */
function century(year: number): number {
  if (year === 0) return 0
  return year < 80 ? 2000 + year : 1900 + year
}

/** 1–12, or undefined for a word that is no English month. */
export function monthNumber(word: string): number | undefined {
  return months[word.slice(0, 3).toLowerCase()]
}

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/**
 * The instant of a time without a year, as `lmstat` prints starts (`Fri 10/20 11:29`): the latest
 * one not after `now` (plus a day of grace for clocks that differ) whose weekday agrees; where the
 * weekday fits none of the last eight years it is ignored.
 */
export function withoutYear(
  at: { weekday?: string; month: number; day: number; hour: number; minute: number },
  now: Date,
  zoneName: string,
): number | undefined {
  if (
    at.month < 1 ||
    at.month > 12 ||
    at.day < 1 ||
    at.day > 31 ||
    at.hour > 23 ||
    at.minute > 59
  ) {
    return undefined
  }
  const local = zone(zoneName)
  const limit = now.getTime() / 1000 + daySeconds
  const wanted = at.weekday ? weekdays.indexOf(at.weekday.slice(0, 3).toLowerCase()) : -1
  const thisYear = local.date(limit).year
  let fallback: number | undefined
  for (let year = thisYear; year > thisYear - 8; year--) {
    const date = new Date(Date.UTC(year, at.month - 1, at.day))
    if (date.getUTCDate() !== at.day) continue
    const instant = local.instant(year, at.month, at.day, at.hour, at.minute)
    if (instant > limit) continue
    fallback ??= instant
    if (wanted < 0 || date.getUTCDay() === wanted) return instant
  }
  return fallback
}
