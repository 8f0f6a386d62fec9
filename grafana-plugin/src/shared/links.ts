import { BASE_URL } from '../constants.ts'

/**
 * Addresses inside the app. A name becomes one path segment in which `~2F` stands for a slash: routers
 * on the way decode `%2F` at different moments.
 */
export function toSegment(name: string): string {
  return encodeURIComponent(name.replace(/~/g, '~7E'))
    .replace(/%/g, '~')
    .replace(/^\.+$/, dots => '~2E'.repeat(dots.length))
}

export function fromSegment(segment: string): string {
  const percent = segment.replace(/~([0-9A-F]{2})/gi, '%$1')
  try {
    return decodeURIComponent(percent)
  } catch {
    // Not one of ours: a name written by hand, with a percent sign in it.
    return segment
  }
}

export interface FeatureName {
  server: string
  vendor: string
  feature: string
}

/** The data source of a dashboard, as its variable is called there. */
export const DASHBOARD_SOURCE = 'var-prometheus_datasource'

/** Time range and data source stay when a page, or a dashboard, links to the next page. */
export function keep(
  search: string = typeof window === 'undefined' ? '' : window.location.search
): string {
  const from = new URLSearchParams(search)
  const kept = new URLSearchParams()
  for (const [name, value] of from) {
    if (['from', 'to', 'timezone', 'var-datasource'].includes(name)) kept.append(name, value)
  }
  const ofDashboard = from.get(DASHBOARD_SOURCE)
  if (ofDashboard && !kept.has('var-datasource')) kept.set('var-datasource', ofDashboard)
  const text = kept.toString()
  return text === '' ? '' : `?${text}`
}

export const paths = {
  overview: `${BASE_URL}/overview`,
  servers: `${BASE_URL}/servers`,
  renewals: `${BASE_URL}/renewals`,
  license: `${BASE_URL}/license`,
  events: `${BASE_URL}/events`,
  setup: `${BASE_URL}/setup`,
  config: `/plugins/${BASE_URL.slice(3)}`,
  server: (server: string) => `${BASE_URL}/servers/server/${toSegment(server)}`,
  feature: ({ server, vendor, feature }: FeatureName) =>
    `${BASE_URL}/servers/server/${toSegment(server)}/feature/${toSegment(vendor)}/${toSegment(feature)}`,
} as const

/** The dashboards that the app brings, by what they show. */
export const dashboards = {
  overview: 'iosetu-license-overview-app',
  server: 'iosetu-license-server-app',
  feature: 'iosetu-license-feature-app',
  renewals: 'iosetu-license-renewals-app',
  capacity: 'iosetu-license-capacity-app',
  own: 'iosetu-license-own-app',
  exporter: 'iosetu-license-exporter-app',
  events: 'iosetu-license-events-app',
} as const

/** A dashboard at the same time range, narrowed to the same names. */
export function dashboardUrl(
  uid: (typeof dashboards)[keyof typeof dashboards],
  variables: Readonly<Record<string, string>> = {},
  search?: string
): string {
  const query = new URLSearchParams(keep(search))
  const datasource = query.get('var-datasource')
  query.delete('var-datasource')
  if (datasource) query.set(DASHBOARD_SOURCE, datasource)
  for (const [name, value] of Object.entries(variables)) query.set(`var-${name}`, value)
  const text = query.toString()
  return `/d/${uid}${text === '' ? '' : `?${text}`}`
}

/** The value of a variable of a dashboard where exactly one is chosen. */
export function chosen(search: string, label: string): string | undefined {
  const values = new URLSearchParams(search).getAll(`var-${label}`)
  const [value] = values
  return values.length === 1 && value !== '' && value !== '$__all' && value !== 'All'
    ? value
    : undefined
}

/** The page of a feature, of its server, or undefined: as far as the names are known. */
export function pageOf(name: Partial<FeatureName>): string | undefined {
  const { server, vendor, feature } = name
  if (server === undefined) return undefined
  if (vendor === undefined || feature === undefined) return paths.server(server)
  return paths.feature({ server, vendor, feature })
}
