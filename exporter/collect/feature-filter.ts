import { globMatches } from '../glob.ts'
import type { Snapshot } from '../model.ts'

export interface FeatureFilter {
  include: readonly string[]
  exclude: readonly string[]
}

export function admits({ include, exclude }: FeatureFilter, feature: string): boolean {
  return (
    include.some(pattern => globMatches(pattern, feature)) &&
    !exclude.some(pattern => globMatches(pattern, feature))
  )
}

/** What is left of a snapshot when the configuration wants some features only. */
export function filterSnapshot(snapshot: Snapshot, filter: FeatureFilter): Snapshot {
  if (filter.exclude.length === 0 && filter.include.includes('*')) return snapshot
  const wanted = (feature: string) => admits(filter, feature)
  return {
    ...snapshot,
    features: snapshot.features.filter(({ name }) => wanted(name)),
    pools: snapshot.pools.filter(({ feature }) => wanted(feature)),
    checkouts: snapshot.checkouts.filter(({ feature }) => wanted(feature)),
  }
}
