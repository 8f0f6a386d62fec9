/** Times for people, by a clock that is given. */

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** `3 days`, `1 hour`, `12 seconds`: the largest unit that fits, rounded down. */
export function span(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds))
  const [unit, size] = units.find(([, size]) => whole >= size) ?? units[3]
  const count = Math.floor(whole / size)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** `in 3 days` or `3 days ago`. */
export function distance(to: Date, now: Date): string {
  const seconds = (to.getTime() - now.getTime()) / 1000
  return seconds >= 0 ? `in ${span(seconds)}` : `${span(seconds)} ago`
}

/** `2026-03-10 14:00 UTC` */
export function moment(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
