import { withoutYear, zone } from '../time.ts'

/**
 * Reads starts such as `Fri 10/20 16:40` (no year, no zone) relative to the time of the capture;
 * seats are taken many to the minute, so that each text is worked out once.
 */
export function startTimes(asOf: Date, timeZone: string): (text: string) => number | undefined {
  const known = new Map<string, number | undefined>()
  return text => {
    const before = known.get(text)
    if (before !== undefined || known.has(text)) return before
    const made = startTime(text, asOf, timeZone)
    known.set(text, made)
    return made
  }
}

const shortForm =
  /^(?:([A-Za-z]{2,9})\.?,? +)?(\d{1,2})\/(\d{1,2})(?:\/(\d{4}|\d\d))? +(\d{1,2}):(\d\d)(?::(\d\d))?$/

function startTime(text: string, asOf: Date, timeZone: string): number | undefined {
  const match = text.length > 60 ? null : shortForm.exec(text)
  if (!match) return undefined
  const [, weekday, month, day, year, hour, minute] = match
  const at = {
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
  }
  if (year === undefined) {
    return withoutYear(weekday === undefined ? at : { ...at, weekday }, asOf, timeZone)
  }
  const full = year.length === 2 ? 2000 + Number(year) : Number(year)
  return instant({ ...at, year: full }, timeZone)
}

const statusDate = /\b(\d{1,2})\/(\d{1,2})\/(\d{4}) +(\d{1,2}):(\d\d)/

/** "Flexible License Manager status on Thu 10/29/2020 17:44": when the text was made. */
export function captureTime(line: string, timeZone: string): Date | undefined {
  const match = statusDate.exec(line)
  if (!match) return undefined
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = match.slice(1).map(Number)
  const at = instant({ year, month, day, hour, minute }, timeZone)
  return at === undefined ? undefined : new Date(at * 1000)
}

function instant(
  at: { year: number; month: number; day: number; hour: number; minute: number },
  timeZone: string,
): number | undefined {
  const real = new Date(Date.UTC(at.year, at.month - 1, at.day))
  if (real.getUTCMonth() + 1 !== at.month || at.hour > 23 || at.minute > 59) return undefined
  if (at.year < 1980) return undefined
  return zone(timeZone).instant(at.year, at.month, at.day, at.hour, at.minute)
}
