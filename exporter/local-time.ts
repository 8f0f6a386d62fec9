/** `2026-03-10T19:30:00+05:30`: RFC 3339 with the offset of the process's zone, as documented. */
export function localTime(at: Date): string {
  const offset = -at.getTimezoneOffset()
  const shifted = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, 19)
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return `${shifted}${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`
}
