import { withoutYear, zone } from '../time.ts'

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
