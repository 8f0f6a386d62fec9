/** Stretches of time that the logs cover (Unix seconds). */
export interface Stretch {
  from: number
  to: number
}

/** So long without any line means that a log is missing, not that nothing happened. */
export const gapSeconds = 7 * 86_400

export interface Coverage {
  readonly stretches: readonly Stretch[]
  /** A line of this time; true if a gap lies before it. */
  at(unix: number): boolean
}

export function createCoverage(): Coverage {
  const stretches: Stretch[] = []
  let last: Stretch | undefined
  return {
    stretches,
    at(unix) {
      if (last && unix - last.to <= gapSeconds) {
        if (unix > last.to) last.to = unix
        return false
      }
      last = { from: unix, to: unix }
      return stretches.push(last) > 1
    },
  }
}
