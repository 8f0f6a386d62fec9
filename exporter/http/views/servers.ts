import { collectErrorCode } from '../../errors.ts'
import { freshReading, type ServerState, type State } from '../../state.ts'
import type { Keyed } from './page.ts'
import { type Filter, matches } from './query.ts'
import type { ServerView } from './schemas.ts'

/** Configured license servers by name. */
export function sortedServers(state: State): ServerState[] {
  return [...state.servers.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

export function* serverItems(
  state: State,
  filter: Filter,
  now: Date,
): Generator<Keyed<ServerView>> {
  for (const server of sortedServers(state)) {
    const item = serverView(server, now)
    if (matches(filter, item)) yield { key: [server.name], item, at: server.reading?.at }
  }
}

export function serverView(server: ServerState, now: Date): ServerView {
  const { reading, good } = server
  const fresh = freshReading(server, now)
  const status = fresh?.snapshot.status
  return {
    server: server.name,
    manager: server.manager,
    ...health(server),
    ...(reading && {
      read: 'snapshot' in reading,
      at: reading.at.toISOString(),
      seconds: reading.seconds,
    }),
    ...(good && { good_at: good.at.toISOString() }),
    interval_seconds: server.intervalSeconds,
    ...(status?.version !== undefined && { version: status.version }),
    members: members(server, now),
    daemons: status?.up ? daemons(fresh!.snapshot.daemons) : [],
    ...(fresh && { features: fresh.snapshot.features.length }),
  }
}

/** As license_server_up and its problem: a timeout is a server that is down, other failures are ours. */
export function health({ reading }: ServerState): { up?: boolean; reason?: string } {
  if (!reading) return {}
  if ('error' in reading) {
    const reason = collectErrorCode(reading.error)
    return reason === 'timeout' ? { up: false, reason } : { reason }
  }
  const { status } = reading.snapshot
  return status.up ? { up: true } : { up: false, reason: status.reason }
}

function members(server: ServerState, now: Date): ServerView['members'] {
  const told = freshReading(server, now)?.snapshot.members ?? []
  if (told.length === 0) return server.members.map(member => ({ member }))
  return told.map(({ name, up, master }) => ({
    member: name,
    up,
    ...(master !== undefined && { master }),
  }))
}

function daemons(
  told: readonly { vendor: string; up: boolean; version?: string }[],
): ServerView['daemons'] {
  return told.map(({ vendor, up, version }) => ({
    vendor,
    up,
    ...(version !== undefined && { version }),
  }))
}
