/** What a large site has told so far: which series, how far back and how often. */

export interface Size {
  servers: number
  features: number
}

export interface Family {
  name: string
  kind: 'gauge' | 'counter'
  of: 'server' | 'feature' | 'pool'
  /** More labels, as they stand in the exposition. */
  more?: string
  /** Seconds back that rules and dashboards read, and between two samples. */
  back: number
  step: number
  /** Made by a recording rule: it has no target, and is not scraped. */
  recorded?: true
  value(server: number, feature: number, at: number): number
}

const minute = 60
const hour = 3600
const day = 86_400

const seats = 40
const used = (s: number, f: number, at: number) => (s * 7 + f * 3 + Math.floor(at / 1800)) % seats
const up = (s: number) => Number(s % 97 !== 0)
/** Expiries within the coming 400 days and the past 20, by the pool alone. */
const epoch = Math.floor(Date.now() / 1000 / day) * day
const expiry = (s: number, f: number) => epoch + ((s * 37 + f) % 420) * day - 20 * day
const vendor = 'vendor="v",'

function gauge(
  of: Family['of'],
  name: string,
  value: Family['value'],
  more: Partial<Family> = {},
): Family {
  return { name, kind: 'gauge', of, back: 10 * minute, step: minute, value, ...more }
}

const recorded = { recorded: true, step: 4 * minute } as const
const hourly = { recorded: true, step: hour } as const

/** Windows of the rules: 1 h of use and refusals, 6 h of pools, a day ago, two weeks of peaks by the hour. */
export const families: readonly Family[] = [
  gauge('server', 'license_server_up', up, { back: day }),
  gauge('server', 'license_exporter_collect_success', up),
  gauge('server', 'license_exporter_collect_timestamp_seconds', (_s, _f, at) => at),
  gauge('server', 'license_server_vendor_daemon_up', () => 1, { more: vendor }),
  gauge('server', 'license_server_member_up', () => 1, { more: 'member="a",' }),
  gauge('feature', 'license_feature_info', () => 1, {
    more: 'product="p",counting="counted",',
    back: day + 10 * minute,
    step: 4 * minute,
  }),
  gauge('feature', 'license_feature_seats_issued', () => seats, {
    back: day + 10 * minute,
    step: 4 * minute,
  }),
  gauge('feature', 'license_feature_seats_used', used, { back: hour }),
  gauge('feature', 'license_feature_seats_checked_out', used),
  gauge('feature', 'license_feature_seats_reserved', () => 0),
  gauge('feature', 'license_feature_users', used),
  gauge('feature', 'license_feature_queued_requests', () => 0),
  gauge('feature', 'license_feature_oldest_checkout_timestamp_seconds', (_s, _f, at) => at - hour),
  {
    ...gauge('feature', 'license_feature_denials_total', (s, f, at) => {
      return Math.floor(((at - epoch + day) * ((s + f) % 3)) / hour)
    }),
    kind: 'counter',
    more: 'reason="no_seats",',
    back: hour,
  },
  gauge('pool', 'license_pool_seats', () => seats),
  gauge('pool', 'license_pool_expiry_timestamp_seconds', expiry),
  gauge('feature', 'feature:license_feature_full:max', () => 0, {
    ...recorded,
    back: hour,
    step: minute,
  }),
  gauge('feature', 'feature:license_feature_denials:increase1h', used, { ...recorded, back: day }),
  gauge('pool', 'pool:license_pool_seats:told', () => seats, { ...recorded, back: 6 * hour }),
  gauge('pool', 'pool:license_pool_expiry_timestamp_seconds:told', expiry, {
    ...recorded,
    back: 6 * hour,
  }),
  gauge('feature', 'feature:license_feature_seats_used:max_of_hour', used, {
    ...hourly,
    back: 7 * day,
  }),
  gauge('feature', 'feature:license_feature_seats_used:max1d', used, { ...hourly, back: 14 * day }),
  gauge('feature', 'feature:license_feature_seats_used:max7d', used, { ...hourly, back: 4 * hour }),
  gauge('feature', 'feature:license_feature_seats_used:q95_7d', used, {
    ...hourly,
    back: 4 * hour,
  }),
]

const target = 'job="iosetu-license-exporter",instance="a:8080",'

/** `name{labels}` of each series of a family. */
export function* seriesOf(
  { name, of, more = '', recorded }: Family,
  { servers, features }: Size,
  scraped = false,
): Generator<[text: string, server: number, feature: number]> {
  const head = scraped || recorded ? '' : target
  for (let s = 0; s < servers; s++) {
    const server = `${head}server="license-server-${s}",manager="flexlm",`
    for (let f = 0; f < (of === 'server' ? 1 : features); f++) {
      const feature = of === 'server' ? '' : `vendor="v",feature="feature_${f}",`
      const pool = of === 'pool' ? `pool="${(s * 1000 + f).toString(16).padStart(8, '0')}",` : ''
      yield [`${name}{${`${server}${feature}${pool}${more}`.slice(0, -1)}}`, s, f]
    }
  }
}
