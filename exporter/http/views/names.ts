import type { LicenseEvent } from '../../catalogue.ts'
import type { Config } from '../../config/schema.ts'
import type { Reservation } from '../../model.ts'
import type { Identity } from '../auth.ts'
import type { EventView } from './schemas.ts'

/** May this key see names of people as memory has them? Both it and the configuration must say so. */
export function seesLiveNames(identity: Identity, config: Config): boolean {
  return identity.scopes.has('users') && config.privacy.live === 'plain'
}

/** Names of groups and projects are not personal; any other kind may name a person or a machine. */
const impersonal = new Set(['GROUP', 'HOST_GROUP', 'USER_GROUP', 'PROJECT', 'PACKAGE'])

export function reservationView(
  { kind, name, seats }: Reservation,
  names: boolean,
): { kind: string; name?: string; seats: number } {
  return names || impersonal.has(kind.toUpperCase()) ? { kind, name, seats } : { kind, seats }
}

const personal = ['user', 'host', 'client_address']

/** An event carries names as [privacy] left them; whoever has not the scope users gets none. */
export function eventView(event: LicenseEvent, identity: Identity): EventView {
  if (identity.scopes.has('users')) return { ...event }
  return Object.fromEntries(
    Object.entries(event).filter(([name]) => !personal.includes(name)),
  ) as EventView
}
