import { monthNumber, zone } from '../time.ts'

const daySeconds = 86_400
/** Lines of two daemons overtake each other by seconds, a change of the clocks goes back one hour. */
const disorder = 3 * 3600

export interface ClockState {
  /** Days since 1970 of the server's calendar. */
  day: number
  /** Time of day of the newest line. */
  second: number
  dated: boolean
}

/** Gives times without dates their day: TIMESTAMP, `Time:` and `Start-Date:` lines and midnight tell it. */
export interface LogClock {
  /** A line's instant, Unix seconds. */
  at(second: number): number
  /** A line told the date at this time of day. */
  tell(date: { year: number; month: number; day: number }, second: number): void
  /** A line told its own instant: date, time and offset from UTC. */
  set(unix: number): void
  readonly dated: boolean
  state(): ClockState | undefined
  restore(state: ClockState): void
}

export function logClock(now: Date, timeZone: string): LogClock {
  const local = zone(timeZone)
  let state: ClockState | undefined
  let quarter = Number.NaN
  let ahead = 0

  /** Before any date: the last time that the clock showed this, as seen from now. */
  function guess(second: number): ClockState {
    const unix = now.getTime() / 1000
    const { year, month, day } = local.date(unix)
    const today = Date.UTC(year, month - 1, day) / 1000 / daySeconds
    const later = instant(today, second) > unix + disorder
    return { day: later ? today - 1 : today, second, dated: false }
  }

  /** The newest line's stretch of one offset; a log has thousands of lines a day. */
  let known = { day: Number.NaN, begin: 0, end: 0, shift: 0 }

  function instant(day: number, second: number): number {
    if (day === known.day && second >= known.begin && second < known.end) {
      return known.shift + second
    }
    const offset = local.offsetOfDay(day)
    if (offset !== undefined) {
      known = { day, begin: 0, end: daySeconds, shift: day * daySeconds - offset }
      return known.shift + second
    }
    // Clocks change at full quarters of an hour.
    const begin = second - (second % 900)
    known = { day, begin, end: begin + 900, shift: ofWallClock(day, begin) - begin }
    return known.shift + second
  }

  function ofWallClock(day: number, second: number): number {
    const date = new Date(day * daySeconds * 1000)
    return local.instant(
      date.getUTCFullYear(),
      date.getUTCMonth() + 1,
      date.getUTCDate(),
      Math.floor(second / 3600),
      Math.floor(second / 60) % 60,
      second % 60,
    )
  }

  return {
    at(second) {
      if (!state) state = guess(second)
      const back = state.second - second
      if (back > disorder) {
        state.day++
        state.second = second
      } else if (-back > daySeconds - disorder) {
        // A line of before midnight that comes after one of after it.
        return instant(state.day - 1, second)
      } else if (second > state.second) {
        state.second = second
      }
      return instant(state.day, second)
    },
    tell({ year, month, day }, second) {
      const date = new Date(Date.UTC(year, month - 1, day))
      if (date.getUTCMonth() + 1 !== month || year < 1980 || year > 9998) return
      state = { day: date.getTime() / 1000 / daySeconds, second, dated: true }
    },
    set(unix) {
      // Offsets change on a quarter of an hour: looking one up costs more than reading the line.
      if (Math.floor(unix / 900) !== quarter) {
        quarter = Math.floor(unix / 900)
        ahead = local.offsetAt(unix)
      }
      const shown = unix + ahead
      const day = Math.floor(shown / daySeconds)
      state = { day, second: shown - day * daySeconds, dated: true }
    },
    get dated() {
      return state?.dated ?? false
    },
    state: () => state && { ...state },
    restore(restored) {
      state = { ...restored }
    },
  }
}

/**
 * `TIMESTAMP 12/31/2025`, `(@x-SLOG@) Time: Thu Apr 30 2015 15:34:04 …`, `Start-Date: …`,
 * `Server's System Date and Time: …`, `… started on lic1 (linux) (6/8/2017)`. Dates of other lines
 * ("attempted at Mon Jul 30 2018") are of other times.
 */
export function toldDate(body: string): { year: number; month: number; day: number } | undefined {
  const numeric =
    /^TIMESTAMP (\d{1,2})\/(\d{1,2})\/(\d{4})\b/.exec(body) ??
    (/^FLEX\w* /i.test(body) ? /\((\d{1,2})\/(\d{1,2})\/(\d{4})\)$/.exec(body.trimEnd()) : null)
  if (numeric) {
    return { month: Number(numeric[1]), day: Number(numeric[2]), year: Number(numeric[3]) }
  }
  if (!/Time: |Start-Date: /.test(body.slice(0, 120))) return undefined
  const named =
    /^(?:\(@\S+@\) )?(?:Time|Start-Date|Server's System Date and Time): \w{3} (\w{3}) +(\d{1,2}) (?:(\d{4}) [\d:]{7,8}|[\d:]{7,8} (?:[A-Z]\w* )?(\d{4}))/.exec(
      body,
    )
  const month = named ? monthNumber(named[1] ?? '') : undefined
  if (!named || month === undefined) return undefined
  return { month, day: Number(named[2]), year: Number(named[3] ?? named[4]) }
}
