import { monthNumber, withoutYear, zone } from '../time.ts'

const numeric = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?/
const withZone = /(?:Z|[+-]\d{2}:?\d{2})$/i
/** `Wed Mar  4 10:33:00 2026`, `Mar 12 10:33` */
const named = /\b([A-Z][a-z]{2})\s+(\d{1,2})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s+(\d{4}))?/

/**
 * When a user checked out: `2026/03/02 09:14:55` on the license server's wall clock, ISO 8601,
 * Unix seconds or milliseconds, or a date in words. undefined = none of these.
 */
export function startTime(
  told: unknown,
  context: { now: Date; timeZone: string },
): number | undefined {
  if (typeof told === 'number') return unixSeconds(told)
  if (typeof told !== 'string') return undefined
  const text = told.trim()
  if (/^\d{9,13}$/.test(text)) return unixSeconds(Number(text))
  const digits = numeric.exec(text)
  if (digits && withZone.test(text)) {
    const at = Date.parse(text.replaceAll('/', '-').replace(' ', 'T'))
    return Number.isNaN(at) ? undefined : Math.floor(at / 1000)
  }
  if (digits) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = digits
      .slice(1)
      .map(part => Number(part ?? 0))
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59) return undefined
    return zone(context.timeZone).instant(year, month, day, hour, minute, second)
  }
  const [, word = '', date, hour, minute, second, year] = named.exec(text) ?? []
  const month = monthNumber(word)
  if (month === undefined) return undefined
  const at = { month, day: Number(date), hour: Number(hour), minute: Number(minute) }
  if (!year) return withoutYear(at, context.now, context.timeZone)
  const local = zone(context.timeZone)
  return local.instant(Number(year), month, at.day, at.hour, at.minute, Number(second ?? 0))
}

function unixSeconds(value: number): number | undefined {
  if (!Number.isFinite(value) || value < 1e8) return undefined
  return Math.floor(value > 1e11 ? value / 1000 : value)
}
