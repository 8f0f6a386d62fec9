import type { Pool } from '../../model.ts'
import { poolId } from '../pool-id.ts'
import { type Expiry, expiry } from '../time.ts'
import type { Draft, unparsedLines } from './draft.ts'
import type { FileLine } from './installed.ts'

interface Capacity {
  vendor: string
  feature: string
  version: string
  expiry: string | undefined
  seats?: number | undefined
  source: Pool['source']
}

/** What is served, then what the list tells, then what files tell: one line of capacity each. */
export function mergePools(
  draft: Draft,
  files: readonly FileLine[],
  names: (vendor: string) => string,
  timeZone: string,
  unparsed: ReturnType<typeof unparsedLines>,
): Pool[] {
  const rows: Capacity[] = draft.rows.map(row => ({ ...row, source: 'served' }))
  const lines: Capacity[] = files.map(line => ({ ...line, source: 'file' }))
  /** Vendor, feature and version that a list or a file tells the expiry of. */
  const dated = new Set([...rows, ...lines].map(one => withoutExpiry(one)))
  const served: Capacity[] = draft.pools
    .map(({ version, vendor, expiry: end, heading }): Capacity => {
      return { vendor, feature: heading.name, version, expiry: end, source: 'served' }
    })
    .filter(pool => pool.expiry !== undefined || !dated.has(withoutExpiry(pool)))
  const pools = new Map<string, Pool>()
  for (const [section, capacities] of [
    ['feature', served],
    ['feature_list', rows],
    ['license_file', lines],
  ] as const) {
    // Equal lines of one text are summed; a later text never changes what an earlier one told.
    const told = new Set([...pools.values()].filter(pool => pool.seats !== undefined))
    for (const capacity of capacities) {
      const end = capacity.expiry === undefined ? undefined : expiry(capacity.expiry, timeZone)
      if (capacity.expiry !== undefined && !end) unparsed(section, `expiry: ${capacity.expiry}`)
      const pool = poolOf(pools, { ...capacity, vendor: names(capacity.vendor) }, end)
      if (capacity.seats !== undefined && !told.has(pool)) {
        pool.seats = (pool.seats ?? 0) + capacity.seats
      }
    }
  }
  return [...pools.values()]
}

function poolOf(pools: Map<string, Pool>, capacity: Capacity, end: Expiry | undefined): Pool {
  const { vendor, feature, source } = capacity
  const version = capacity.version.replace(/^v/i, '')
  const id = poolId(vendor, feature, version, end?.text ?? '')
  const known = pools.get(id)
  if (known) return known
  const pool: Pool = { id, vendor, feature, version, permanent: end?.permanent ?? false, source }
  if (end && !end.permanent) pool.expiresAt = end.at
  pools.set(id, pool)
  return pool
}

function withoutExpiry(pool: Pick<Capacity, 'vendor' | 'feature' | 'version'>): string {
  const version = pool.version.replace(/^v/i, '')
  return `${pool.vendor.toLowerCase()}\n${pool.feature}\n${version}`
}
