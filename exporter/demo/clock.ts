/** Times as the vendors' tools print them; the demo's servers live in UTC. */

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export function two(value: number): string {
  return String(value).padStart(2, '0')
}

export interface Parts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  weekday: string
  monthName: string
}

export function parts(at: number): Parts {
  const date = new Date(at * 1000)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: weekdays[date.getUTCDay()] ?? '',
    monthName: months[date.getUTCMonth()] ?? '',
  }
}

/** `10:05:09` */
export function clockTime(at: number): string {
  const { hour, minute, second } = parts(at)
  return `${two(hour)}:${two(minute)}:${two(second)}`
}

/** `31-dec-2026` */
export function vendorDate(at: number): string {
  const { day, monthName, year } = parts(at)
  return `${two(day)}-${monthName.toLowerCase()}-${year}`
}

/** The last day of a line of capacity: counted from a fixed day, so that restarts do not move it. */
export function expiryDate(expires: 'permanent' | number, epoch: number): string {
  return expires === 'permanent' ? 'permanent' : vendorDate(epoch + expires * 86_400)
}
