import type { FeatureMapping } from './config/schema.ts'
import { globMatches } from './glob.ts'

export interface FeatureId {
  server: string
  manager: string
  vendor: string
  feature: string
}

/** What the configuration says of a feature; undefined = nothing. */
export type FeatureMap = (id: FeatureId) => FeatureMapping | undefined

/** More features than any site has; a bound, because features come and go for years. */
const remembered = 100_000

/** The `[[feature]]` tables: first match wins; `server`, `manager`, `vendor` left out match all. */
export function createFeatureMap(mappings: readonly FeatureMapping[]): FeatureMap {
  if (mappings.length === 0) return () => undefined
  const known = new Map<string, FeatureMapping | undefined>()
  return id => {
    const key = `${id.server}\n${id.manager}\n${id.vendor}\n${id.feature}`
    if (known.has(key)) return known.get(key)
    const found = mappings.find(one => matches(one, id))
    if (known.size >= remembered) known.clear()
    known.set(key, found)
    return found
  }
}

function matches(one: FeatureMapping, id: FeatureId): boolean {
  return (
    globMatches(one.feature, id.feature) &&
    globMatches(one.server ?? '*', id.server) &&
    globMatches(one.manager ?? '*', id.manager) &&
    globMatches((one.vendor ?? '*').toLowerCase(), id.vendor.toLowerCase())
  )
}
