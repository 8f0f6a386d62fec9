import type { State } from '../../state.ts'
import { type FeatureOptions, featureItems } from './features.ts'
import { poolItems } from './pools.ts'
import type { FeatureView, PoolView } from './schemas.ts'

const shown = 10

/** The fullest counted features, by used of issued. */
export function fullest(state: State, options: FeatureOptions): FeatureView[] {
  const known: { item: FeatureView; share: number }[] = []
  for (const { item } of featureItems(state, {}, options)) {
    const { issued, used } = item.seats
    if (issued === undefined || used === undefined || issued === 0) continue
    known.push({ item, share: used / issued })
  }
  return known
    .sort((a, b) => b.share - a.share || b.item.seats.issued! - a.item.seats.issued!)
    .slice(0, shown)
    .map(({ item }) => item)
}

/** What expires next, and what expired in the last 30 days. */
export function nextExpiries(state: State, now: Date): PoolView[] {
  const since = new Date(now.getTime() - 30 * 86_400_000).toISOString()
  const known: PoolView[] = []
  for (const { item } of poolItems(state, {}, now)) {
    if (item.expires_at !== undefined && item.expires_at >= since) known.push(item)
  }
  return known.sort((a, b) => (a.expires_at! < b.expires_at! ? -1 : 1)).slice(0, shown)
}
