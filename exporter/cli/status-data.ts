import { collectErrorCode } from '../errors.ts'
import type { Reading } from '../state.ts'

/** What `status` shows: the part of the API's JSON that it reads. Times are RFC 3339. */
export interface StatusData {
  at: string
  servers: ServerStatus[]
  features: FeatureStatus[]
  pools: PoolStatus[]
}

export interface ServerStatus {
  server: string
  manager: string
  /** Absent while it is not known. */
  up?: boolean
  reason?: string
  /** When the last reading was made. */
  at?: string
}

export interface FeatureStatus {
  server: string
  vendor: string
  feature: string
  product?: string
  counting: 'counted' | 'uncounted'
  seats: { issued?: number; used?: number }
}

export interface PoolStatus {
  server: string
  vendor: string
  feature: string
  pool: string
  version: string
  seats?: number
  expires_at?: string
  permanent: boolean
}

/** Pure: readings that were made for this command alone. */
export function fromReadings(readings: readonly Reading[], now: Date): StatusData {
  return {
    at: now.toISOString(),
    servers: readings.map(server),
    features: readings.flatMap(reading =>
      'error' in reading
        ? []
        : reading.snapshot.features.map(({ vendor, name, display, counting, issued, used }) => ({
            server: reading.server,
            vendor,
            feature: name,
            ...(display !== undefined && { product: display }),
            counting,
            seats: { ...(issued !== undefined && { issued }), ...(used !== undefined && { used }) },
          })),
    ),
    pools: readings.flatMap(reading =>
      'error' in reading
        ? []
        : reading.snapshot.pools.map(({ vendor, feature, id, version, seats, ...pool }) => ({
            server: reading.server,
            vendor,
            feature,
            pool: id,
            version,
            ...(seats !== undefined && { seats }),
            ...(pool.expiresAt !== undefined && {
              expires_at: new Date(pool.expiresAt * 1000).toISOString(),
            }),
            permanent: pool.permanent,
          })),
    ),
  }
}

function server(reading: Reading): ServerStatus {
  const { server, manager, at } = reading
  const subject = { server, manager, at: at.toISOString() }
  if ('error' in reading) {
    const reason = collectErrorCode(reading.error)
    // A server that does not answer in time is down; any other failure is ours.
    return reason === 'timeout' ? { ...subject, up: false, reason } : { ...subject, reason }
  }
  const { status } = reading.snapshot
  if (status.up) return { ...subject, up: true }
  return { ...subject, up: false, reason: status.reason }
}

/** 0 all up, 1 something is not. */
export const exitCode = ({ servers }: StatusData): number =>
  servers.every(({ up }) => up === true) ? 0 : 1
