import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EventDraft, Sample } from '../catalogue.ts'
import type { Logger, OwnLicense } from '../parts.ts'
import type { TrustedKeys } from './types.ts'

/** Watches one license for as long as the program runs. */
export interface LicenseMonitor {
  readonly state: OwnLicense
  /** The documented answer of /health. */
  health(): { status: 200 | 503; body: HealthBody }
  /** May new requests be served? */
  mayServe(): boolean
  /** Every `iosetu_license_*` series. */
  samples(now: Date): Iterable<Sample>
  /**
   * Tells what happens from now on; the first listener also gets what the start found.
   * @returns a function that ends it
   */
  on(listener: (event: EventDraft) => void): () => void
  on(name: 'event', listener: (event: EventDraft) => void): () => void
  /** Middleware for node:http, connect and express: 503 for new requests after grace. */
  guard(): HttpGuard
  /** Wraps a fetch-style handler (Request in, Response out) the same way. */
  fetchGuard(): FetchGuard
  /** Ends timers and saves; resolves when nothing is left. */
  close(): Promise<void>
}

export type HttpGuard = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => unknown,
) => void

export type FetchHandler<Rest extends unknown[]> = (
  request: Request,
  ...rest: Rest
) => Response | Promise<Response>

export type FetchGuard = <Rest extends unknown[]>(handler: FetchHandler<Rest>) => FetchHandler<Rest>

/** Field for field as documented; what is more stands beside. */
export interface HealthBody {
  status: 'healthy' | 'degraded' | 'unhealthy'
  license: {
    valid: boolean
    grace_mode: boolean
    problem?: string
    reason?: string
    message?: string
    expires_at?: string
    grace_expires_at?: string
  }
}

export interface LicenseMonitorOptions {
  /** Public keys licenses are signed with: a constant of the program. Default: trusted-keys.ts. */
  trustedKeys?: TrustedKeys
  /** The license: a file (which wins) or the token itself. Default: IOSETU_LICENSE_FILE, then _KEY. */
  file?: string | undefined
  key?: string | undefined
  /** Folder for what must survive a restart; without it every start is a first start. */
  stateDir?: string | undefined
  /** `aud` and `iss` that a license must carry; undefined = not checked. */
  product?: string | undefined
  issuer?: string | undefined
  /** Where warnings about the state folder go; default: process warnings. */
  log?: Pick<Logger, 'warn'>
}
