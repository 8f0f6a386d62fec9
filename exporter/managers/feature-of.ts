import type { Feature } from '../model.ts'

/** The feature of this vendor and name, made where there is none yet; vendors are without case. */
export function featureOf(features: Map<string, Feature>, vendor: string, name: string): Feature {
  const key = `${vendor.toLowerCase()}\n${name}`
  const known = features.get(key)
  if (known) return known
  const made: Feature = { vendor, name, counting: 'counted', reservations: [], problems: [] }
  features.set(key, made)
  return made
}
