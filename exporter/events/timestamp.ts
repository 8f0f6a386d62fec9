/**
 * RFC 3339 with the offset of the process's zone, as the documented events write `expires_at`:
 * `2026-03-10T19:30:00+05:30`.
 * @param offsetMinutes minutes that the zone is ahead of UTC at this time
 */
export function localTimestamp(at: Date, offsetMinutes = -at.getTimezoneOffset()): string {
  const wall = new Date(at.getTime() + offsetMinutes * 60_000).toISOString().slice(0, 19)
  const sign = offsetMinutes < 0 ? '-' : '+'
  const minutes = Math.abs(Math.round(offsetMinutes))
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${wall}${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}
