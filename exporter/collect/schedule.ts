/** When a server is read next. Pure: chance is an argument, 0 ≤ chance < 1. */

const failuresBeforeBackOff = 3
const longestPauseSeconds = 300
const longestPauseIntervals = 5
/** Servers that were read together drift apart. */
const spread = 0.05

/**
 * Seconds from the beginning of one reading to the next. `failures` = failed readings in a row; a
 * server that answers that it is down has none.
 */
export function nextPause(intervalSeconds: number, failures: number, chance: number): number {
  if (failures < failuresBeforeBackOff) return intervalSeconds * (1 - spread + 2 * spread * chance)
  const doubled = intervalSeconds * 2 ** Math.min(failures - failuresBeforeBackOff + 1, 10)
  const longest = Math.min(intervalSeconds * longestPauseIntervals, longestPauseSeconds)
  // Jitter only shortens: the longest pause is a promise. So is the interval, the shortest one.
  const pause = Math.min(doubled, longest) * (0.8 + 0.2 * chance)
  return Math.max(intervalSeconds, pause)
}
