import { serveLocally } from './local-server.mts'
import type { Program } from './programs.mts'

export interface Size {
  servers: number
  /** Of each of them. */
  features: number
}

const DAY = 86_400

/** `license-server-0042`, and one in five of them is an RLM. */
export const serverName = (s: number) => `license-server-${String(s).padStart(4, '0')}`
export const featureName = (f: number) => `simulation_module_${String(f).padStart(5, '0')}`
const isRlm = (s: number) => s % 5 === 4
/** Three in a hundred are down, two more cannot be read. */
const isDown = (s: number) => s % 33 === 7
const isUnread = (s: number) => s % 50 === 11

/**
 * What an exporter tells of a large site, line by line. Every number comes from its place alone, so
 * that two scrapes tell the same site.
 */
export function* exposition({ servers, features }: Size, now: number): Generator<string> {
  yield 'license_exporter_build_info{version="0.1.0",node_version="24.0.0",mode="run"} 1'
  yield 'license_exporter_config_last_reload_successful 1'
  yield `license_exporter_series ${servers * features * 12}`
  yield 'iosetu_license_state{state="valid"} 1'
  yield 'iosetu_license_days_remaining 200'
  for (let s = 0; s < servers; s++) {
    yield* ofServer(s, now)
    if (isDown(s) || isUnread(s)) continue
    for (let f = 0; f < features; f++) yield* ofFeature(s, f, now)
  }
}

function* ofServer(s: number, now: number): Generator<string> {
  const of = `server="${serverName(s)}",manager="${isRlm(s) ? 'rlm' : 'flexlm'}"`
  yield `license_exporter_collect_success{${of}} ${isUnread(s) ? 0 : 1}`
  if (isUnread(s)) return yield `license_server_problem{${of},reason="tool_missing"} 1`
  yield `license_exporter_collect_timestamp_seconds{${of}} ${now - (s % 50)}`
  yield `license_server_up{${of}} ${isDown(s) ? 0 : 1}`
  if (isDown(s)) return yield `license_server_problem{${of},reason="connect"} 1`
  yield `license_server_info{${of},version="11.19.5"} 1`
  yield `license_server_member_up{${of},member="host-${s}"} ${s % 100 === 50 ? 0 : 1}`
  yield `license_server_vendor_daemon_up{${of},vendor="vendor"} ${s % 100 === 51 ? 0 : 1}`
  yield `license_server_vendor_daemon_info{${of},vendor="vendor",version="11.19.5"} 1`
}

function* ofFeature(s: number, f: number, now: number): Generator<string> {
  const manager = isRlm(s) ? 'rlm' : 'flexlm'
  const of = `server="${serverName(s)}",manager="${manager}",vendor="vendor",feature="${featureName(f)}"`
  const n = s * 31 + f * 7
  const seats = 5 + (n % 60)
  // One in fifty is full, two in five are idle.
  const used = n % 50 === 3 ? seats : n % 5 < 2 ? 0 : n % seats
  yield `license_feature_info{${of},product="Simulation module ${f}",counting="counted"} 1`
  yield `license_feature_seats_issued{${of}} ${seats}`
  yield `license_feature_seats_used{${of}} ${used}`
  yield `license_feature_seats_checked_out{${of}} ${used}`
  yield `license_feature_seats_borrowed{${of}} 0`
  yield `license_feature_seats_reserved{${of}} ${n % 20 === 11 ? 1 : 0}`
  yield `license_feature_queued_requests{${of}} ${used === seats ? 2 : 0}`
  yield `license_feature_users{${of}} ${Math.ceil(used / 2)}`
  if (used > 0)
    yield `license_feature_oldest_checkout_timestamp_seconds{${of}} ${now - 60 - (n % 90) * 3600}`
  const refused = n % 100 === 3 ? Math.floor(now / 10) % 10_000 : 0
  yield `license_feature_denials_total{${of},reason="no_seats"} ${refused}`
  if (s % 10 === 0)
    yield `license_feature_seats_installed{${of}} ${n % 50 === 9 ? seats + 5 : seats}`
  // Ends within the coming 400 days and the past 20.
  const expiry = Math.floor(now / DAY) * DAY + ((n % 420) - 20) * DAY
  const pool = `${of},pool="${(s * 100_000 + f).toString(16).padStart(8, '0')}"`
  const permanent = n % 10 === 0
  yield `license_pool_info{${pool},version="2026.1",permanent="${permanent}"} 1`
  yield `license_pool_seats{${pool}} ${seats}`
  if (isRlm(s)) yield `license_pool_seats_used{${pool}} ${used}`
  if (!permanent) yield `license_pool_expiry_timestamp_seconds{${pool}} ${expiry}`
}

/** Serves it to a Prometheus. */
export async function serveSite(size: Size): Promise<Program> {
  return serveLocally((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    const now = Math.floor(Date.now() / 1000)
    response.end([...exposition(size, now)].join('\n') + '\n')
  })
}
