/** Calendar months in UTC: each is one file of samples. */
export interface Month {
  /** `2024-03` */
  name: string
  /** Unix seconds; `to` is the next month's first second. */
  from: number
  to: number
}

export function monthOf(unix: number): Month {
  const at = new Date(unix * 1000)
  const year = at.getUTCFullYear()
  const month = at.getUTCMonth()
  return {
    name: at.toISOString().slice(0, 7),
    from: Date.UTC(year, month, 1) / 1000,
    to: Date.UTC(year, month + 1, 1) / 1000,
  }
}
