/**
 * Every metric, label and event: the only place where such a name stands as a string. Imports
 * nothing. Exporter, dashboards, rules, plugin and docs read it or are checked against it.
 * docs/metrics.md and docs/events.md are generated from it.
 */

export const labels = {
  server: 'Name of the license server in the configuration.',
  manager: 'License manager: flexlm, rlm, sesinetd.',
  vendor: 'FlexLM vendor daemon, RLM ISV, sidefx for sesinetd; unknown where the text does not tell.',
  feature: 'FlexLM feature, RLM product, sesinetd product.',
  pool: 'One line of capacity: 8 hex digits that status, feature list and license files share.',
  member: 'One machine of a license server, named as in its address.',
  user: 'User of a checkout, by the privacy policy.',
  host: 'Client machine of a checkout, by the privacy policy.',
  version: 'Version as the program or the license line tells it.',
  reason: 'Why; a closed set for each metric.',
  source: 'Where the vendor tells it: statistics.',
  product_group: 'Group of products that sesinetd counts together.',
  product: 'Name for people: from the configuration, else the vendor, else the feature.',
  counting: 'counted or uncounted.',
  currency: 'ISO 4217 code of the cost.',
  permanent: 'true or false.',
  state: 'State of the own license: valid, grace, over, unlicensed.',
  customer: 'Customer that the own license names.',
  license_id: 'Identifier (jti) of the own license.',
  edition: 'Edition that the own license names.',
  result: 'How it ended: ok, taken, refused or a code.',
  direction: 'backward or forward.',
  section: 'Part of the text a line stands in; a closed set for each manager.',
  node_version: 'Version of Node.js that runs the exporter.',
  mode: 'run or demo.',
  event: 'Name of the event.',
  signal: 'metrics or logs.',
  route: 'Template of the route, or other.',
  method: 'HTTP method.',
  code: 'HTTP status code.',
  space: 'Part of the V8 heap.',
} as const

export type Label = keyof typeof labels

export interface MetricDefinition {
  kind: 'gauge' | 'counter'
  /** OpenTelemetry unit: `s` only where the name already ends in it; never `1`. */
  unit?: 's' | 'By' | '{seat}' | '{request}' | '{line}' | '{event}' | '{checkout}' | '{series}'
  labels: readonly Label[]
  help: string
}

const server = ['server', 'manager'] as const
const daemon = [...server, 'vendor'] as const
const feature = [...daemon, 'feature'] as const
const pool = [...feature, 'pool'] as const

export const metrics = {
  // own license
  iosetu_license_days_remaining: { kind: 'gauge', labels: [], help: 'Days until the own license expires, with fractions; negative after it.' },
  iosetu_license_expiry_timestamp_seconds: { kind: 'gauge', unit: 's', labels: [], help: 'When the own license expires.' },
  iosetu_license_valid: { kind: 'gauge', labels: [], help: '1 while signature, claims and time of the own license are good.' },
  iosetu_license_grace_mode: { kind: 'gauge', labels: [], help: '1 from entering grace until a valid license is seen.' },
  iosetu_license_grace_expiry_timestamp_seconds: { kind: 'gauge', unit: 's', labels: [], help: 'When grace ends or ended; absent outside grace.' },
  iosetu_license_state: { kind: 'gauge', labels: ['state'], help: 'State of the own license: exactly one of the four is 1.' },
  iosetu_license_problem: { kind: 'gauge', labels: ['reason'], help: '1 while the own license is not valid: expired, missing, invalid, clock.' },
  iosetu_license_info: { kind: 'gauge', labels: ['customer', 'license_id', 'edition'], help: 'What the own license says; always 1.' },
  iosetu_license_last_check_timestamp_seconds: { kind: 'gauge', unit: 's', labels: [], help: 'When the own license was last checked.' },
  iosetu_license_checks_total: { kind: 'counter', labels: ['result'], help: 'Checks of the own license by result.' },
  iosetu_license_clock_drift_seconds: { kind: 'gauge', unit: 's', labels: [], help: 'Wall clock minus boot-time clock over the last check interval.' },
  iosetu_license_clock_jumps_total: { kind: 'counter', labels: ['direction'], help: 'Steps of the wall clock of more than 5 s.' },
  iosetu_license_reloads_total: { kind: 'counter', labels: ['result'], help: 'Changed licenses that were taken or refused.' },

  // license servers
  license_server_up: { kind: 'gauge', labels: server, help: '1 if the license server answered and serves, 0 if it is down; absent while that is not known.' },
  license_server_problem: { kind: 'gauge', labels: [...server, 'reason'], help: '1 while the license server is not known to be up, with the reason.' },
  license_server_info: { kind: 'gauge', labels: [...server, 'version'], help: 'Version of the license server (of the master in a triad); always 1.' },
  license_server_member_up: { kind: 'gauge', labels: [...server, 'member'], help: '1 if this machine of the license server is up.' },
  license_server_member_master: { kind: 'gauge', labels: [...server, 'member'], help: '1 if this machine of the license server is the master.' },
  license_server_quorum: { kind: 'gauge', labels: server, help: '1 if enough of three machines are up.' },
  license_server_vendor_daemon_up: { kind: 'gauge', labels: daemon, help: '1 if the vendor daemon is up; absent while the license server itself is down.' },
  license_server_vendor_daemon_info: { kind: 'gauge', labels: [...daemon, 'version'], help: 'Version of the vendor daemon; always 1.' },
  license_server_vendor_daemon_restarts_total: { kind: 'counter', labels: daemon, help: 'Restarts of the vendor daemon, as the license server counts them.' },
  license_server_denials_total: { kind: 'counter', unit: '{request}', labels: [...daemon, 'source'], help: 'Refused requests that the vendor does not tell by feature; never added to license_feature_denials_total.' },
  license_server_peak_seats: { kind: 'gauge', unit: '{seat}', labels: [...server, 'product_group'], help: "Peak of seats in use since sesinetd's previous usage line." },

  // features
  license_feature_seats_issued: { kind: 'gauge', unit: '{seat}', labels: feature, help: 'Seats that the license server may check out; absent if uncounted.' },
  license_feature_seats_used: { kind: 'gauge', unit: '{seat}', labels: feature, help: 'Seats that the license server says are in use; FlexLM counts idle reservations in.' },
  license_feature_seats_checked_out: { kind: 'gauge', unit: '{seat}', labels: feature, help: 'Seats of the checkout lines, borrowed ones included; absent where some are used and no lines are shown.' },
  license_feature_seats_borrowed: { kind: 'gauge', unit: '{seat}', labels: feature, help: 'Checked-out seats that are borrowed, roaming or lingering.' },
  license_feature_seats_reserved: { kind: 'gauge', unit: '{seat}', labels: feature, help: 'FlexLM: idle reservations. RLM: configured reservations.' },
  license_feature_queued_requests: { kind: 'gauge', unit: '{request}', labels: feature, help: 'Requests that wait for a seat.' },
  license_feature_users: { kind: 'gauge', labels: feature, help: 'Distinct users who hold a seat now.' },
  license_feature_oldest_checkout_timestamp_seconds: { kind: 'gauge', unit: 's', labels: feature, help: 'Start of the oldest checkout.' },
  license_feature_info: { kind: 'gauge', labels: [...feature, 'product', 'counting'], help: 'Product name and way of counting; always 1 for every feature.' },
  license_feature_problem: { kind: 'gauge', labels: [...feature, 'reason'], help: '1 while the feature has this problem: no_such_feature, unsupported, expired, disabled.' },
  license_feature_seat_cost_per_year: { kind: 'gauge', labels: [...feature, 'currency'], help: 'Cost of one seat and year, from the configuration.' },
  license_feature_denials_total: { kind: 'counter', unit: '{request}', labels: [...feature, 'reason'], help: 'Refused requests by reason, from the vendor logs.' },
  license_feature_checkouts_total: { kind: 'counter', unit: '{request}', labels: feature, help: 'Checkouts, from the vendor logs or the vendor totals.' },
  license_feature_checkins_total: { kind: 'counter', unit: '{request}', labels: feature, help: 'Check-ins, from the vendor logs.' },
  license_feature_checkout_seats_total: { kind: 'counter', unit: '{seat}', labels: feature, help: 'Seats of the checkouts, from the vendor logs.' },
  license_feature_seats_installed: { kind: 'gauge', unit: '{seat}', labels: feature, help: 'Seats valid now in the license files beside the server.' },
  license_feature_installed_expiry_timestamp_seconds: { kind: 'gauge', unit: 's', labels: feature, help: 'Last expiry among the lines of the license files.' },

  // pools
  license_pool_seats: { kind: 'gauge', unit: '{seat}', labels: pool, help: 'Seats of one line of capacity.' },
  license_pool_seats_used: { kind: 'gauge', unit: '{seat}', labels: pool, help: 'Seats in use of one line of capacity.' },
  license_pool_expiry_timestamp_seconds: { kind: 'gauge', unit: 's', labels: pool, help: 'End of the last day of one line of capacity; absent if permanent.' },
  license_pool_info: { kind: 'gauge', labels: [...pool, 'version', 'permanent'], help: 'Version of one line of capacity, and whether it never expires; always 1.' },

  // single checkouts, opt-in
  license_checkout_start_timestamp_seconds: { kind: 'gauge', unit: 's', labels: [...feature, 'user', 'host'], help: 'Oldest start of the checkouts of one user on one host; opt-in and capped.' },
  license_checkout_seats: { kind: 'gauge', unit: '{seat}', labels: [...feature, 'user', 'host'], help: 'Seats of the checkouts of one user on one host; opt-in and capped.' },

  // collecting
  license_exporter_build_info: { kind: 'gauge', labels: ['version', 'node_version', 'mode'], help: 'Version of the exporter and its mode; always 1.' },
  license_exporter_collect_success: { kind: 'gauge', labels: server, help: '1 if the last reading of the license server succeeded.' },
  license_exporter_collect_timestamp_seconds: { kind: 'gauge', unit: 's', labels: server, help: 'When the license server was last read with success.' },
  license_exporter_collect_duration_seconds: { kind: 'gauge', unit: 's', labels: server, help: 'How long the last reading took.' },
  license_exporter_poll_delay_seconds: { kind: 'gauge', unit: 's', labels: server, help: 'How late the last reading began.' },
  license_exporter_collect_errors_total: { kind: 'counter', labels: [...server, 'reason'], help: 'Failed readings by reason.' },
  license_exporter_unparsed_lines_total: { kind: 'counter', unit: '{line}', labels: [...server, 'section'], help: 'Lines that were not understood.' },
  license_exporter_unreconciled_features: { kind: 'gauge', labels: server, help: 'Features whose checkouts and reservations do not add up to what the heading says.' },
  license_exporter_checkouts_truncated: { kind: 'gauge', unit: '{checkout}', labels: server, help: 'Checkouts left out of the series of single checkouts by the cap.' },
  license_exporter_log_lines_total: { kind: 'counter', unit: '{line}', labels: server, help: 'Lines read from the vendor logs.' },
  license_exporter_log_lag_bytes: { kind: 'gauge', unit: 'By', labels: server, help: 'Bytes of the vendor logs that are not read yet.' },
  license_exporter_log_last_line_timestamp_seconds: { kind: 'gauge', unit: 's', labels: server, help: 'When the last line of a vendor log was read.' },
  license_exporter_series: { kind: 'gauge', unit: '{series}', labels: [], help: 'License series now exposed.' },

  // events, push, configuration
  license_exporter_events_total: { kind: 'counter', unit: '{event}', labels: ['event'], help: 'Events by name.' },
  license_exporter_events_dropped_total: { kind: 'counter', unit: '{event}', labels: ['reason'], help: 'Events that were dropped: size, age, disk, queue, corrupt.' },
  license_exporter_spool_bytes: { kind: 'gauge', unit: 'By', labels: [], help: 'Size of the spool of unsent events.' },
  license_exporter_spool_oldest_timestamp_seconds: { kind: 'gauge', unit: 's', labels: [], help: 'Time of the oldest unsent event; absent if none waits.' },
  license_exporter_otlp_export_errors_total: { kind: 'counter', labels: ['signal', 'reason'], help: 'Failed exports over OTLP: timeout, refused, status, partial, tls.' },
  license_exporter_http_requests_total: { kind: 'counter', unit: '{request}', labels: ['route', 'method', 'code'], help: 'Answered HTTP requests.' },
  license_exporter_http_auth_failures_total: { kind: 'counter', unit: '{request}', labels: [], help: 'Requests refused for their key.' },
  license_exporter_http_rate_limited_total: { kind: 'counter', unit: '{request}', labels: [], help: 'Requests refused by the rate limit.' },
  license_exporter_config_last_reload_successful: { kind: 'gauge', labels: [], help: '1 if the last reading of the configuration was taken.' },
  license_exporter_config_last_reload_success_timestamp_seconds: { kind: 'gauge', unit: 's', labels: [], help: 'When the configuration was last taken.' },

  // the process
  process_cpu_user_seconds_total: { kind: 'counter', unit: 's', labels: [], help: 'CPU time spent in user mode.' },
  process_cpu_system_seconds_total: { kind: 'counter', unit: 's', labels: [], help: 'CPU time spent in system mode.' },
  process_cpu_seconds_total: { kind: 'counter', unit: 's', labels: [], help: 'CPU time spent in user and system mode.' },
  process_start_time_seconds: { kind: 'gauge', unit: 's', labels: [], help: 'When the process started.' },
  process_resident_memory_bytes: { kind: 'gauge', unit: 'By', labels: [], help: 'Resident memory.' },
  process_open_fds: { kind: 'gauge', labels: [], help: 'Open file descriptors.' },
  process_max_fds: { kind: 'gauge', labels: [], help: 'Limit of open file descriptors.' },
  nodejs_eventloop_lag_seconds: { kind: 'gauge', unit: 's', labels: [], help: 'Mean lag of the event loop since the previous scrape.' },
  nodejs_heap_size_total_bytes: { kind: 'gauge', unit: 'By', labels: [], help: 'Size of the V8 heap.' },
  nodejs_heap_size_used_bytes: { kind: 'gauge', unit: 'By', labels: [], help: 'Used part of the V8 heap.' },
} as const satisfies Record<string, MetricDefinition>

export type MetricName = keyof typeof metrics
export type LabelsOf<M extends MetricName> = Readonly<
  Record<(typeof metrics)[M]['labels'][number], string>
>

/** One point of one series. A wrong name or a missing label does not compile. */
export type Sample = {
  [M in MetricName]: { metric: M; labels: LabelsOf<M>; value: number }
}[MetricName]

export function sample<M extends MetricName>(metric: M, labels: LabelsOf<M>, value: number): Sample {
  return { metric, labels, value } as Sample
}

/** A name where no sample is made (queries, filters): a wrong one does not compile. */
export function metricName<M extends MetricName>(metric: M): M {
  return metric
}

export type Level = 'INFO' | 'WARN' | 'ERROR'
export type Severity = 'info' | 'warning' | 'critical'

export interface EventDefinition {
  level: Level
  severity: Severity
  attributes: readonly string[]
  help: string
}

const expiring = ['days_remaining', 'expires_at', 'customer'] as const
const poolExpiry = [...pool, 'expires_at', 'seats'] as const
const member = [...server, 'member'] as const

export const events = {
  'license.expiring_30d': { level: 'WARN', severity: 'warning', attributes: expiring, help: 'The own license expires in less than 30 days.' },
  'license.expiring_7d': { level: 'WARN', severity: 'warning', attributes: expiring, help: 'The own license expires in less than 7 days.' },
  'license.expiring_24h': { level: 'ERROR', severity: 'critical', attributes: expiring, help: 'The own license expires within 24 hours.' },
  'license.expiring_1h': { level: 'ERROR', severity: 'critical', attributes: expiring, help: 'The own license expires within one hour.' },
  'license.grace_mode_entered': { level: 'ERROR', severity: 'critical', attributes: ['grace_period_seconds', 'reason'], help: 'The own license is not good any more; the grace period started.' },
  'license.grace_mode_exited': { level: 'INFO', severity: 'info', attributes: [], help: 'The own license is good again.' },
  'license.grace_period_ended': { level: 'ERROR', severity: 'critical', attributes: [], help: 'The grace period is over: new requests are refused.' },
  'license.time_manipulation_detected': { level: 'ERROR', severity: 'critical', attributes: ['type', 'wall_clock_jump_seconds', 'message'], help: 'The system clock was set backward.' },
  'license.time_drift_detected': { level: 'WARN', severity: 'warning', attributes: ['drift_seconds'], help: 'The system clock jumped forward by more than 5 s.' },
  'license.verification_failed': { level: 'ERROR', severity: 'critical', attributes: ['reason'], help: 'The own license was refused.' },
  'license.missing': { level: 'ERROR', severity: 'critical', attributes: [], help: 'There is no own license.' },
  'license.reloaded': { level: 'INFO', severity: 'info', attributes: ['expires_at', 'customer'], help: 'A changed own license was taken.' },
  'license_server.down': { level: 'ERROR', severity: 'critical', attributes: [...server, 'reason'], help: 'The license server is down.' },
  'license_server.up': { level: 'INFO', severity: 'info', attributes: [...server, 'reason'], help: 'The license server is up again.' },
  'license_server.vendor_daemon_down': { level: 'ERROR', severity: 'critical', attributes: daemon, help: 'A vendor daemon is down.' },
  'license_server.vendor_daemon_up': { level: 'INFO', severity: 'info', attributes: daemon, help: 'A vendor daemon is up again.' },
  'license_server.member_down': { level: 'WARN', severity: 'warning', attributes: member, help: 'One machine of the license server is down.' },
  'license_server.member_up': { level: 'INFO', severity: 'info', attributes: member, help: 'One machine of the license server is up again.' },
  'license_server.quorum_lost': { level: 'ERROR', severity: 'critical', attributes: member, help: 'Too few machines of a triad are up.' },
  'license_server.quorum_restored': { level: 'INFO', severity: 'info', attributes: member, help: 'Enough machines of a triad are up again.' },
  'license_server.master_changed': { level: 'WARN', severity: 'warning', attributes: member, help: 'Another machine of the license server is the master now.' },
  'license_feature.exhausted': { level: 'WARN', severity: 'warning', attributes: [...feature, 'seats_issued', 'seats_used'], help: 'No seat of the feature is free.' },
  'license_feature.available': { level: 'INFO', severity: 'info', attributes: [...feature, 'seats_issued', 'seats_used'], help: 'Seats of the feature are free again, for five minutes.' },
  'license_feature.denied': { level: 'WARN', severity: 'warning', attributes: [...feature, 'user', 'host', 'reason', 'count', 'window_seconds'], help: 'A user was refused; one event for each user, feature and minute.' },
  'license_feature.seats_changed': { level: 'WARN', severity: 'warning', attributes: [...feature, 'before', 'after'], help: 'The number of issued seats changed; INFO where it grew.' },
  'license_pool.expiring_60d': { level: 'INFO', severity: 'info', attributes: poolExpiry, help: 'A line of capacity expires in less than 60 days.' },
  'license_pool.expiring_30d': { level: 'WARN', severity: 'warning', attributes: poolExpiry, help: 'A line of capacity expires in less than 30 days.' },
  'license_pool.expiring_7d': { level: 'ERROR', severity: 'critical', attributes: poolExpiry, help: 'A line of capacity expires in less than 7 days.' },
  'license_pool.expired': { level: 'ERROR', severity: 'critical', attributes: poolExpiry, help: 'A line of capacity expired.' },
  'license_pool.baseline': { level: 'INFO', severity: 'info', attributes: [...server, 'pools', 'expired', 'expiring_60d', 'expiring_30d', 'expiring_7d'], help: 'What the first reading found; single pools are announced from then on.' },
  'exporter.collect_failed': { level: 'WARN', severity: 'warning', attributes: [...server, 'reason'], help: 'A license server could not be read.' },
  'exporter.collect_recovered': { level: 'INFO', severity: 'info', attributes: [...server, 'reason'], help: 'A license server can be read again.' },
  'exporter.config_reloaded': { level: 'INFO', severity: 'info', attributes: ['reason'], help: 'A changed configuration was taken.' },
  'exporter.config_refused': { level: 'WARN', severity: 'warning', attributes: ['reason'], help: 'A changed configuration was refused; the last good one stays.' },
  'api.authentication_failed': { level: 'WARN', severity: 'warning', attributes: ['client_address', 'route', 'count', 'correlation_id'], help: 'Requests were refused for their key.' },
  'api.rate_limited': { level: 'WARN', severity: 'warning', attributes: ['client_address', 'route', 'count', 'correlation_id'], help: 'Requests were refused by the rate limit.' },
} as const satisfies Record<string, EventDefinition>

export type EventName = keyof typeof events
export type AttributeValue = string | number

/** What happened, before it gets its id and time. `level` and `severity` override the catalogue's. */
export type EventDraft = {
  [E in EventName]: {
    event: E
    msg: string
    attributes: Partial<Record<(typeof events)[E]['attributes'][number], AttributeValue>>
    level?: Level
    severity?: Severity
  }
}[EventName]

/** One flat object everywhere: stdout, API, stream; OTLP maps it to one log record. */
export interface LicenseEvent {
  /** RFC 3339, UTC. */
  timestamp: string
  level: Level
  msg: string
  event: EventName
  id: string
  severity: Severity
  [attribute: string]: AttributeValue
}
