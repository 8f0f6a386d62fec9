/**
 * Every PromQL expression of the app, and nothing else: a test of the exporter parses them and
 * refuses a series or label that its catalogue does not know. Pure; imports nothing.
 */

/** Two exporters of one license server, or two jobs of one exporter, count once. */
const server = 'server, manager'
const daemon = `${server}, vendor`
const feature = `${daemon}, feature`
const pool = `${feature}, pool`

export interface Subject {
  server?: string
  vendor?: string
  feature?: string
}

/** `{server="cad", …}`; no name can leave its quotes, and `$` is not taken for a variable of Grafana. */
export function selector(subject: Subject, more: readonly string[] = []): string {
  const matchers = (['server', 'vendor', 'feature'] as const)
    .filter(label => subject[label] !== undefined)
    .map(label => `${label}=${quote(subject[label]!)}`)
  const all = [...matchers, ...more]
  return all.length === 0 ? '' : `{${all.join(', ')}}`
}

function quote(text: string): string {
  const escaped = text
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/\n/g, '\\n')
    .replace(/\$/g, '\\x24')
    .replace(/\[\[/g, '\\x5b\\x5b')
  return `"${escaped}"`
}

const max = (by: string, series: string) => `max by (${by}) (${series})`

export const serverUp = (s: Subject = {}) => max(server, `license_server_up${selector(s)}`)
export const serverProblem = (s: Subject = {}) =>
  max(`${server}, reason`, `license_server_problem${selector(s)}`)
export const serverVersion = (s: Subject = {}) =>
  max(`${server}, version`, `license_server_info${selector(s)}`)
export const serverQuorum = (s: Subject = {}) => max(server, `license_server_quorum${selector(s)}`)
export const memberUp = (s: Subject = {}) =>
  max(`${server}, member`, `license_server_member_up${selector(s)}`)
export const memberMaster = (s: Subject = {}) =>
  max(`${server}, member`, `license_server_member_master${selector(s)}`)
export const daemonUp = (s: Subject = {}) =>
  max(daemon, `license_server_vendor_daemon_up${selector(s)}`)
export const daemonVersion = (s: Subject = {}) =>
  max(`${daemon}, version`, `license_server_vendor_daemon_info${selector(s)}`)
export const collectSuccess = (s: Subject = {}) =>
  max(server, `license_exporter_collect_success${selector(s)}`)
/** Seconds since the last good reading, by the clock of Prometheus. */
export const collectAge = (s: Subject = {}) =>
  `time() - ${max(server, `license_exporter_collect_timestamp_seconds${selector(s)}`)}`

export const issued = (s: Subject = {}) =>
  max(feature, `license_feature_seats_issued${selector(s)}`)
export const used = (s: Subject = {}) => max(feature, `license_feature_seats_used${selector(s)}`)
export const checkedOut = (s: Subject = {}) =>
  max(feature, `license_feature_seats_checked_out${selector(s)}`)
export const borrowed = (s: Subject = {}) =>
  max(feature, `license_feature_seats_borrowed${selector(s)}`)
export const reserved = (s: Subject = {}) =>
  max(feature, `license_feature_seats_reserved${selector(s)}`)
export const queued = (s: Subject = {}) =>
  max(feature, `license_feature_queued_requests${selector(s)}`)
export const users = (s: Subject = {}) => max(feature, `license_feature_users${selector(s)}`)
export const featureInfo = (s: Subject = {}) =>
  max(`${feature}, product, counting`, `license_feature_info${selector(s)}`)
export const featureCount = (s: Subject = {}) => `count by (${server}) (${featureInfo(s)})`
export const featureProblem = (s: Subject = {}) =>
  max(`${feature}, reason`, `license_feature_problem${selector(s)}`)
/** Seconds that the oldest checkout is held. */
export const oldestCheckout = (s: Subject = {}) =>
  `time() - min by (${feature}) (license_feature_oldest_checkout_timestamp_seconds${selector(s)})`

/** Refused requests of the last hour; programs that probe for features do not count. */
export const denials = (s: Subject = {}, window = '1h') => {
  const some = selector(s, ['reason!="no_such_feature"'])
  return `sum by (${feature}) (${max(`${feature}, reason`, `increase(license_feature_denials_total${some}[${window}])`)}) > 0`
}

/** Seats that can be checked out at all: reserved counts as 0 where no checkout lines are shown. */
function obtainable(s: Subject): string {
  const kept = `(${reserved(s)} and on (${feature}) license_feature_seats_checked_out${selector(s)})`
  return `((${issued(s)} - on (${feature}) ${kept}) or ${issued(s)})`
}

const taken = (s: Subject) => `(${checkedOut(s)} or ${used(s)})`

const unexpired = (s: Subject, series: string) =>
  `(${max(pool, series)} unless on (${pool}) (license_pool_expiry_timestamp_seconds${selector(s)} <= time()))`

/** Features of which nobody gets another seat, and how many seats those are: at least two. */
export function full(s: Subject = {}): string {
  const byPool = `license_pool_seats_used${selector(s)}`
  const seats = unexpired(s, `license_pool_seats${selector(s)}`)
  const poolUse = unexpired(s, byPool)
  return (
    `((${obtainable(s)} >= 2) and on (${feature}) (${taken(s)} >= on (${feature}) ${obtainable(s)}) unless on (${feature}) ${byPool})` +
    ` or ((sum by (${feature}) (${seats} and on (${pool}) ${byPool}) >= 2) unless on (${feature}) (${poolUse} < on (${pool}) ${seats}))`
  )
}

/** The ten fullest features over time: seats used of seats issued. */
export const fullest = (s: Subject = {}) =>
  `topk(10, ${used(s)} / on (${feature}) (${issued(s)} > 0))`
export const usedShare = (s: Subject = {}) => `${used(s)} / on (${feature}) (${issued(s)} > 0)`

/** Seconds until each line of capacity ends; negative after it. */
export const poolLeft = (s: Subject = {}, below?: number) =>
  `${max(pool, `license_pool_expiry_timestamp_seconds${selector(s)}`)} - time()${below === undefined ? '' : ` < ${below}`}`
export const poolSeats = (s: Subject = {}) => max(pool, `license_pool_seats${selector(s)}`)
export const poolUsed = (s: Subject = {}) => max(pool, `license_pool_seats_used${selector(s)}`)
export const poolInfo = (s: Subject = {}) =>
  max(`${pool}, version, permanent`, `license_pool_info${selector(s)}`)
export const installed = (s: Subject = {}) =>
  max(feature, `license_feature_seats_installed${selector(s)}`)
export const installedLeft = (s: Subject = {}) =>
  `${max(feature, `license_feature_installed_expiry_timestamp_seconds${selector(s)}`)} - time()`
/** Seats of the license files where they differ from what is served. */
export const notServed = (s: Subject = {}) => `${installed(s)} != on (${feature}) ${issued(s)}`
/** Most seats used at once in a week. */
export const weekPeak = (s: Subject = {}) =>
  max(feature, `max_over_time(license_feature_seats_used${selector(s)}[7d])`)
export const seatCost = (s: Subject = {}) =>
  max(`${feature}, currency`, `license_feature_seat_cost_per_year${selector(s)}`)

// The own license; `by (instance)`, so that a second job on /health doubles nothing.
export const ownState = () => max('instance, state', 'iosetu_license_state') + ' == 1'
export const ownDays = () => max('instance', 'iosetu_license_days_remaining')
export const ownGraceLeft = () =>
  `${max('instance', 'iosetu_license_grace_expiry_timestamp_seconds')} - time()`
export const ownInfo = () => max('instance, customer, license_id, edition', 'iosetu_license_info')
export const ownProblem = () => max('instance, reason', 'iosetu_license_problem')
export const ownCheckAge = () =>
  `time() - ${max('instance', 'iosetu_license_last_check_timestamp_seconds')}`
export const ownDrift = () => max('instance', 'iosetu_license_clock_drift_seconds')
export const ownChecks = () =>
  `${max('instance, result', 'increase(iosetu_license_checks_total[1d])')} > 0`
export const ownJumps = () =>
  `${max('instance, direction', 'increase(iosetu_license_clock_jumps_total[1d])')} > 0`

// What arrives.
export const exporters = () =>
  max('instance, job, version, node_version, mode', 'license_exporter_build_info')
export const seriesByName = () => 'count by (__name__) ({__name__=~"(iosetu_)?license_.+"})'
export const configGood = () => `min by (instance) (license_exporter_config_last_reload_successful)`
export const unparsed = () =>
  `sum by (${server}) (${max(`${server}, section`, 'increase(license_exporter_unparsed_lines_total[1h])')}) > 0`
export const unreconciled = () => `${max(server, 'license_exporter_unreconciled_features')} > 0`

/** Series that the recording rules write; capacity alerts read them. */
export const recordedSeries = () => 'count({__name__=~"(feature|pool|server):license_.+"})'

/** Names that Setup expects of every exporter, and what is missing without them. */
export const expectedSeries: ReadonlyArray<readonly [name: string, without: string]> = [
  ['license_exporter_build_info', 'no exporter is scraped'],
  ['license_exporter_collect_success', 'no license server is configured, or none was read yet'],
  ['license_server_up', 'no license server answered yet'],
  ['license_feature_info', 'no feature was read yet'],
  ['license_feature_seats_used', 'no use of seats was read yet'],
  ['license_pool_info', 'no feature list is read: renewals stay empty'],
  ['license_feature_denials_total', 'no vendor log is followed: refused requests stay unknown'],
  ['license_feature_seats_installed', 'no license files are read: installed renewals stay unknown'],
  ['iosetu_license_state', 'the own license is not watched'],
]

/** Every expression, with and without a subject, for the tests. */
export function allQueries(example: Required<Subject>): Record<string, string> {
  const { server: name, vendor, feature: one } = example
  const ofServers = {
    serverUp,
    serverProblem,
    serverVersion,
    serverQuorum,
    memberUp,
    memberMaster,
    daemonUp,
    daemonVersion,
    collectSuccess,
    collectAge,
  }
  const ofFeatures = {
    issued,
    used,
    checkedOut,
    borrowed,
    reserved,
    queued,
    users,
    featureInfo,
    featureCount,
    featureProblem,
    oldestCheckout,
    denials,
    full,
    fullest,
    usedShare,
    poolLeft,
    poolSeats,
    poolUsed,
    poolInfo,
    installed,
    installedLeft,
    notServed,
    weekPeak,
    seatCost,
  }
  const plain = {
    ownState,
    ownDays,
    ownGraceLeft,
    ownInfo,
    ownProblem,
    ownCheckAge,
    ownDrift,
    ownChecks,
    ownJumps,
    exporters,
    seriesByName,
    configGood,
    unparsed,
    unreconciled,
    recordedSeries,
  }
  const all: Record<string, string> = {}
  for (const [key, query] of Object.entries({ ...ofServers, ...ofFeatures })) all[key] = query()
  for (const [key, query] of Object.entries(plain)) all[key] = query()
  for (const [key, query] of Object.entries(ofServers))
    all[`${key} of one`] = query({ server: name })
  for (const [key, query] of Object.entries(ofFeatures)) {
    all[`${key} of one server`] = query({ server: name })
    all[`${key} of one`] = query({ server: name, vendor, feature: one })
  }
  return all
}
