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
  server?: Name
  vendor?: Name
  feature?: Name
}

/** One, or any of several. */
type Name = string | readonly string[]

/** `{server="cad", …}`; no name can leave its quotes, and `$` is not taken for a variable of Grafana. */
export function selector(subject: Subject, more: readonly string[] = []): string {
  const matchers = (['server', 'vendor', 'feature'] as const)
    .filter(label => subject[label] !== undefined)
    .map(label => `${label}${matcher(subject[label]!)}`)
  const all = [...matchers, ...more]
  return all.length === 0 ? '' : `{${all.join(', ')}}`
}

function matcher(name: Name): string {
  if (typeof name === 'string') return `=${quote(name)}`
  const literal = [...new Set(name)].map(one => one.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return `=~${quote(literal.join('|'))}`
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
/** Seats issued, with what is known of the feature: one answer where a list has thousands of them. */
export const featureIssued = (s: Subject = {}) =>
  `${featureInfo(s)} * on (${feature}) group_left () ${issued(s)}`
/** Features that are not counted, or whose seats are not told. */
export const featureUncounted = (s: Subject = {}) =>
  `${featureInfo(s)} unless on (${feature}) license_feature_seats_issued${selector(s)}`
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

/**
 * Features of which nobody gets another seat, and how many seats those are: at least two. A reserved
 * seat cannot be had, but counts as 0 where no checkout lines are shown. Where use is told by pool, the
 * unexpired pools are the seats. Most features have no reservation and no use by pool: what is rare is
 * taken first, so that 20,000 features are compared once.
 */
export function full(s: Subject = {}): string {
  const kept = `((${reserved(s)} > 0) and on (${feature}) ${checkedOut(s)})`
  const obtainable = `((${issued(s)} - on (${feature}) ${kept}) or ${issued(s)})`
  const taken = `(${checkedOut(s)} or ${used(s)})`
  const expired = `(license_pool_expiry_timestamp_seconds${selector(s)} <= time())`
  const pools = `((${poolSeats(s)} and on (${pool}) ${poolUsed(s)}) unless on (${pool}) ${expired})`
  return (
    `(((${obtainable} <= on (${feature}) ${taken}) >= 2) unless on (${feature}) license_pool_seats_used${selector(s)})` +
    ` or ((sum by (${feature}) (${pools}) >= 2) unless on (${feature}) (${poolUsed(s)} < on (${pool}) ${pools}))`
  )
}

/** The same, as the recording rules keep it: in 20,000 features it takes seconds to find out. */
export const recordedFull = (s: Subject = {}) =>
  `feature:license_feature_seats_obtainable:max${selector(s)} and on (${feature}) (feature:license_feature_full:max${selector(s)} == 1)`
export const recordedFeatures = () => 'count(feature:license_feature_full:max)'

/** The ten fullest features: seats used of seats issued. */
export const fullest = (s: Subject = {}) => `topk(10, ${usedShare(s)})`
export const usedShare = (s: Subject = {}) => `${used(s)} / on (${feature}) (${issued(s)} > 0)`

/** Seconds until each line of capacity ends; negative after it. */
export const poolLeft = (s: Subject = {}, below?: number) =>
  `${max(pool, `license_pool_expiry_timestamp_seconds${selector(s)}`)} - time()${below === undefined ? '' : ` < ${below}`}`
export const poolSeats = (s: Subject = {}) => max(pool, `license_pool_seats${selector(s)}`)
export const poolUsed = (s: Subject = {}) => max(pool, `license_pool_seats_used${selector(s)}`)
export const poolInfo = (s: Subject = {}) =>
  max(`${pool}, version, permanent`, `license_pool_info${selector(s)}`)
/** Seconds until each line of capacity ends, with what is known of it. */
export const poolEnds = (s: Subject = {}) =>
  `${poolInfo(s)} * on (${pool}) group_left () (${poolLeft(s)})`
/** Lines that are permanent, or whose end is not told. */
export const poolEndless = (s: Subject = {}) =>
  `${poolInfo(s)} unless on (${pool}) license_pool_expiry_timestamp_seconds${selector(s)}`
export const installed = (s: Subject = {}) =>
  max(feature, `license_feature_seats_installed${selector(s)}`)
export const installedLeft = (s: Subject = {}) =>
  `${max(feature, `license_feature_installed_expiry_timestamp_seconds${selector(s)}`)} - time()`
/** Seats of the license files where they differ from what is served. */
export const notServed = (s: Subject = {}) => `${installed(s)} != on (${feature}) ${issued(s)}`
/** What is served of the same features, and when their files end. */
export const servedInstead = (s: Subject = {}) => `${issued(s)} != on (${feature}) ${installed(s)}`
export const notServedLeft = (s: Subject = {}) =>
  `${installedLeft(s)} and on (${feature}) (${notServed(s)})`
/** Most seats used at once in a week. */
export const weekPeak = (s: Subject = {}) =>
  max(feature, `max_over_time(license_feature_seats_used${selector(s)}[7d])`)
/** The same, as the recording rules keep it: every use of a week in 20,000 features is a long read. */
export const recordedPeak = (s: Subject = {}) =>
  `last_over_time(feature:license_feature_seats_used:max7d${selector(s)}[3h])`
export const recordedPeaks = () => `count(${recordedPeak()})`
export const seatCost = (s: Subject = {}) =>
  max(`${feature}, currency`, `license_feature_seat_cost_per_year${selector(s)}`)

// The own license; `by (instance)`, so that a second job on /health doubles nothing.
export const ownState = () => max('instance, state', 'iosetu_license_state') + ' == 1'
export const ownDays = () => max('instance', 'iosetu_license_days_remaining')
export const ownGraceLeft = () =>
  `${max('instance', 'iosetu_license_grace_expiry_timestamp_seconds')} - time()`
/** Seconds of grace that are left, else seconds until it expires. */
export const ownLeft = () => `${ownGraceLeft()} or ${ownDays()} * 86400`
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
/** Of the names that Setup expects: to count a large site whole takes seconds. */
export const seriesByName = () =>
  `count by (__name__) ({__name__=~"${expectedSeries.map(([name]) => name).join('|')}"})`
export const seriesTold = () => 'sum(max by (instance) (license_exporter_series))'
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
export function allQueries(example: Record<keyof Subject, string>): Record<string, string> {
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
    featureIssued,
    featureUncounted,
    featureProblem,
    oldestCheckout,
    denials,
    full,
    recordedFull,
    fullest,
    usedShare,
    poolLeft,
    poolSeats,
    poolUsed,
    poolInfo,
    poolEnds,
    poolEndless,
    installed,
    installedLeft,
    notServed,
    servedInstead,
    notServedLeft,
    weekPeak,
    recordedPeak,
    seatCost,
  }
  const plain = {
    ownState,
    ownDays,
    ownGraceLeft,
    ownLeft,
    ownInfo,
    ownProblem,
    ownCheckAge,
    ownDrift,
    ownChecks,
    ownJumps,
    exporters,
    seriesByName,
    seriesTold,
    configGood,
    unparsed,
    unreconciled,
    recordedSeries,
    recordedFeatures,
    recordedPeaks,
  }
  const all: Record<string, string> = {}
  for (const [key, query] of Object.entries({ ...ofServers, ...ofFeatures })) all[key] = query()
  for (const [key, query] of Object.entries(plain)) all[key] = query()
  for (const [key, query] of Object.entries(ofServers))
    all[`${key} of one`] = query({ server: name })
  for (const [key, query] of Object.entries(ofFeatures)) {
    all[`${key} of one server`] = query({ server: name })
    all[`${key} of one`] = query({ server: name, vendor, feature: one })
    all[`${key} of two`] = query({ server: [name, `${name}.*`], feature: [one, one] })
  }
  return all
}
