import { monthNumber, withoutYear, zone } from '../time.ts'

/** Month, day, hour and minute on the license server's wall clock; the year that fits. */
export type StartTimes = (
  month: number,
  day: number,
  hour: number,
  minute: number,
) => number | undefined

/** The year is found once a day of the year: thousands of checkouts share few days. */
export function startTimes(context: { now: Date; timeZone: string }): StartTimes {
  const local = zone(context.timeZone)
  const years = new Map<number, number | undefined>()

  const find = (month: number, day: number, hour: number, minute: number) =>
    withoutYear({ month, day, hour, minute }, context.now, context.timeZone)

  /** undefined where the day itself is the one that decides (today), or is none. */
  function yearOf(month: number, day: number): number | undefined {
    const key = month * 32 + day
    if (years.has(key)) return years.get(key)
    const [first, last] = [find(month, day, 0, 0), find(month, day, 23, 59)]
    const told = [first, last].map(at => (at === undefined ? undefined : local.date(at).year))
    const year = told[0] === told[1] ? told[0] : undefined
    years.set(key, year)
    return year
  }

  return (month, day, hour, minute) => {
    if (hour > 23 || minute > 59 || month > 12 || day > 31) return undefined
    const year = yearOf(month, day)
    return year === undefined
      ? find(month, day, hour, minute)
      : local.instant(year, month, day, hour, minute)
  }
}

/** `Recent Statistics (00:16:08), init time: Wed Nov  3 12:32:30 2021`, or `(1d 02:16:08)`. */
const counting =
  /^Recent Statistics \((?:(\d{1,5})d )?(\d{1,3}):(\d\d):(\d\d)\), init time: \w{3} (\w{3}) +(\d{1,2}) (\d{1,2}):(\d\d):(\d\d) (\d{4})\b/i

/** When the text was made: the counters began then and have run so long. */
export function captureTime(line: string, timeZone: string): number | undefined {
  const match = counting.exec(line)
  const month = monthNumber(match?.[5] ?? '')
  if (!match || month === undefined) return undefined
  const [days, hours, minutes, seconds] = match.slice(1, 5).map(text => Number(text ?? 0))
  const [day = 0, hour = 0, minute = 0, second = 0, year = 0] = match.slice(6).map(Number)
  if (day < 1 || day > 31 || hour > 23 || minute > 59 || year < 1980) return undefined
  const began = zone(timeZone).instant(year, month, day, hour, minute, second)
  return began + (days ?? 0) * 86_400 + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)
}
