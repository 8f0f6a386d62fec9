import { createHash } from 'node:crypto'

/**
 * The identity of one line of capacity: the same in a status, a feature list and a license file.
 * Seats are not in it: a pool that grows is the same pool.
 * @param expiry `YYYY-MM-DD`, `permanent`, or '' where the text does not say
 * @param line RLM pool number or sesinetd license id
 */
export function poolId(
  vendor: string,
  feature: string,
  version: string,
  expiry: string,
  line = '',
): string {
  const key = [vendor.toLowerCase(), feature, version.replace(/^v/i, ''), expiry, line].join('\n')
  return createHash('sha256').update(key).digest('hex').slice(0, 8)
}
