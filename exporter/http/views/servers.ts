import { metricName } from '../../catalogue.ts'
import { mergedFeatures, vendorSpelling } from '../../metrics/samples/merge.ts'
import { serverSamples } from '../../metrics/samples/server.ts'
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
    const { name, manager } = server
    if (!matches(filter, { server: name, manager })) continue
    yield { key: [name], item: serverView(server, now), at: server.reading?.at }
  }
}

/** Made from the samples of /metrics, so that both always say the same. */
export function serverView(server: ServerState, now: Date): ServerView {
  const { reading, good } = server
  const fresh = freshReading(server, now)
  const spell = vendorSpelling(server)
  const view: ServerView = {
    server: server.name,
    manager: server.manager,
    ...(reading && { at: reading.at.toISOString(), seconds: reading.seconds }),
    ...(good && { good_at: good.at.toISOString() }),
    interval_seconds: server.intervalSeconds,
    members: [],
    daemons: [],
    ...(fresh && { features: mergedFeatures(fresh.snapshot, spell).length }),
  }
  const members = new Map(server.members.map(member => [member, { member } as Member]))
  const daemons = new Map<string, Daemon>()
  for (const { metric, labels, value } of serverSamples(server, fresh, spell)) {
    if (metric === metricName('license_server_up')) view.up = value === 1
    else if (metric === metricName('license_server_problem')) view.reason = labels.reason
    else if (metric === metricName('license_server_info')) view.version = labels.version
    else if (metric === metricName('license_server_quorum')) view.quorum = value === 1
    else if (metric === metricName('license_exporter_collect_success')) view.read = value === 1
    else if (metric === metricName('license_server_member_up')) {
      entry<Member>(members, labels.member, member => ({ member })).up = value === 1
    } else if (metric === metricName('license_server_member_master')) {
      entry<Member>(members, labels.member, member => ({ member })).master = value === 1
    } else if (metric === metricName('license_server_vendor_daemon_up')) {
      entry<Daemon>(daemons, labels.vendor, vendor => ({ vendor })).up = value === 1
    } else if (metric === metricName('license_server_vendor_daemon_info')) {
      entry<Daemon>(daemons, labels.vendor, vendor => ({ vendor })).version = labels.version
    }
  }
  return { ...view, members: [...members.values()], daemons: [...daemons.values()] }
}

type Member = ServerView['members'][number]
type Daemon = ServerView['daemons'][number]

function entry<Entry>(all: Map<string, Entry>, name: string, make: (name: string) => Entry): Entry {
  const known = all.get(name) ?? make(name)
  all.set(name, known)
  return known
}
