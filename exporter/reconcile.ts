import type { Snapshot } from './model.ts'
import { featureKey } from './state.ts'

export interface Unreconciled {
  vendor: string
  feature: string
  /** Seats in use, says the heading. */
  used: number
  /** Seats of the lines below it: checkouts, borrowed ones included, and idle reservations. */
  listed: number
}

/**
 * Features whose lines do not add up to what the heading says is in use: a line was not understood,
 * or the server told less than it knows. Uncounted features and those without a figure have nothing
 * to compare; neither has an answer that lists no line at all (`lmstat -f`, `print-license` alone).
 */
export function unreconciled(snapshot: Snapshot): Unreconciled[] {
  const listed = new Map<string, number>()
  let lines = snapshot.unparsed.length
  for (const { vendor, feature, seats, state } of snapshot.checkouts) {
    lines++
    if (state === 'queued') continue
    const key = featureKey(vendor, feature)
    listed.set(key, (listed.get(key) ?? 0) + seats)
  }
  for (const { vendor, name, reservations } of snapshot.features) {
    if (reservations.length === 0) continue
    lines += reservations.length
    const key = featureKey(vendor, name)
    const idle = reservations.reduce((sum, { seats }) => sum + seats, 0)
    listed.set(key, (listed.get(key) ?? 0) + idle)
  }
  if (lines === 0) return []
  return snapshot.features.flatMap(({ vendor, name, counting, used }) => {
    const sum = listed.get(featureKey(vendor, name)) ?? 0
    if (counting === 'uncounted' || used === undefined || used === sum) return []
    return [{ vendor, feature: name, used, listed: sum }]
  })
}
