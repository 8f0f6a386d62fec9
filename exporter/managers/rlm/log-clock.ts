import { withoutYear, zone } from '../time.ts'

/** What an RLM log writes of a time: months and days without a year, sometimes only hours. */
export interface LogTime {
  year?: number
  month?: number
  day?: number
  hour: number
  minute: number
  second?: number
}

const day = 86_400
/** Lines may be out of order by this much before the next year is meant. */
const disorder = 31 * day

/** Keeps the date between lines: years change and midnight passes without being told. */
export class LogClock {
  /** Newest time read, Unix seconds. */
  last: number | undefined
  /** A line told the year; until then years are guessed from now. */
  dated = false
  readonly #now: Date
  readonly #timeZone: string

  constructor(now: Date, timeZone: string) {
    this.#now = now
    this.#timeZone = timeZone
  }

  /** The instant of one line; undefined where the log has told no date yet or the time is none. */
  at(time: LogTime): number | undefined {
    const { hour, minute, second = 0 } = time
    if (hour > 23 || minute > 59 || second > 60) return undefined
    const at =
      time.month === undefined || time.day === undefined
        ? this.#today(hour, minute, second)
        : this.#dated({ ...time, month: time.month, day: time.day, second })
    if (at !== undefined) this.last = Math.max(this.last ?? at, at)
    return at
  }

  #dated(time: LogTime & { month: number; day: number; second: number }): number | undefined {
    const { month, day: date, hour, minute, second } = time
    if (month < 1 || month > 12 || date < 1 || date > 31) return undefined
    const local = zone(this.#timeZone)
    if (time.year !== undefined) {
      this.dated = true
      return local.instant(time.year, month, date, hour, minute, second)
    }
    if (this.last === undefined) {
      const first = withoutYear({ month, day: date, hour, minute }, this.#now, this.#timeZone)
      return first === undefined ? undefined : first + second
    }
    const from = local.date(this.last - disorder).year
    const at = local.instant(from, month, date, hour, minute, second)
    return at >= this.last - disorder
      ? at
      : local.instant(from + 1, month, date, hour, minute, second)
  }

  /** The small report format tells hours and minutes only: a day begins where they fall back. */
  #today(hour: number, minute: number, second: number): number | undefined {
    if (this.last === undefined) return undefined
    const local = zone(this.#timeZone)
    const date = local.date(this.last)
    const at = local.instant(date.year, date.month, date.day, hour, minute, second)
    return at >= this.last - day / 2 ? at : at + day
  }
}
