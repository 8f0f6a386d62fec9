import type { Checkout, Feature, Snapshot } from '../../model.ts'
import { featureKey, type ServerState } from '../../state.ts'

/** Daemon names are compared without case; one spelling stands on all series of a server. */
export type Spelling = (vendor: string) => string

export function vendorSpelling(server: ServerState): Spelling {
  const spelled = new Map<string, string>()
  const spell: Spelling = vendor => {
    const name = vendor === '' ? 'unknown' : vendor
    const key = name.toLowerCase()
    const first = spelled.get(key)
    if (first === undefined) spelled.set(key, name)
    return first ?? name
  }
  // A reading too old to be shown still rules: counters keep their labels when gauges vanish.
  for (const { vendor } of server.good?.snapshot.daemons ?? []) spell(vendor)
  for (const { vendor } of server.good?.snapshot.features ?? []) spell(vendor)
  for (const { vendor } of server.tally.features.values()) spell(vendor)
  return spell
}

/** One feature of the metrics: repeated headings summed, with what its lines add up to. */
export interface MergedFeature {
  vendor: string
  name: string
  parts: Feature[]
  checkouts: Checkout[]
}

export function mergedFeatures(snapshot: Snapshot, spell: Spelling): MergedFeature[] {
  const merged = new Map<string, MergedFeature>()
  for (const feature of snapshot.features) {
    const key = featureKey(spell(feature.vendor), feature.name)
    const before = merged.get(key)
    if (before) before.parts.push(feature)
    else {
      const vendor = spell(feature.vendor)
      merged.set(key, { vendor, name: feature.name, parts: [feature], checkouts: [] })
    }
  }
  for (const checkout of snapshot.checkouts) {
    merged.get(featureKey(spell(checkout.vendor), checkout.feature))?.checkouts.push(checkout)
  }
  return [...merged.values()]
}

/** undefined where none is told: unknown is not 0. */
export function sumKnown(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter(value => value !== undefined)
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0)
}

export function maxKnown(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce(
    (most, value) => (value === undefined || (most ?? value) > value ? most : value),
    undefined,
  )
}
