import { parse } from 'yaml'

interface PrometheusRule {
  alert?: string
  record?: string
  expr: string
  for?: string
  keep_firing_for?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

/** One alert as the app installs it; the three nodes around `expr` are made at installation. */
export interface AppRule {
  uid: string
  title: string
  expr: string
  for: string
  keepFiringFor?: string
  execErrState: 'KeepLast' | 'Alerting'
  labels: Record<string, string>
  annotations: Record<string, string>
}

export interface AppGroup {
  name: string
  intervalSeconds: number
  /** Recorded series that it reads: they need the recording rules in Prometheus. */
  records: string[]
  rules: AppRule[]
}

const recorded = /\b(?:feature|pool|server):[a-z_]+:[a-z0-9_]+/g

/** Alert groups of Prometheus rule files, for the provisioning API of Grafana. */
export function ruleGroups(files: readonly string[]): AppGroup[] {
  const groups = files.flatMap(text => (parse(text) as { groups: Group[] }).groups)
  return groups
    .filter(group => group.rules.some(rule => rule.alert))
    .map(group => {
      const alerts = group.rules.filter(rule => rule.alert)
      return {
        name: group.name,
        intervalSeconds: seconds(group.interval ?? '1m'),
        records: [...new Set(alerts.flatMap(rule => rule.expr.match(recorded) ?? []))].sort(),
        rules: alerts.map(appRule),
      }
    })
}

interface Group {
  name: string
  interval?: string
  rules: PrometheusRule[]
}

function appRule(rule: PrometheusRule): AppRule {
  const name = rule.alert!
  return {
    uid: uidOf(name),
    title: name,
    expr: rule.expr.trim(),
    for: rule.for ?? '0s',
    ...(rule.keep_firing_for && { keepFiringFor: rule.keep_firing_for }),
    // KeepLast hides a dead data source: what watches the exporter itself must not.
    execErrState: /\babsent\(|\bup\b/.test(rule.expr) ? 'Alerting' : 'KeepLast',
    labels: rule.labels ?? {},
    annotations: Object.fromEntries(
      Object.entries(rule.annotations ?? {}).map(([key, text]) => [key, forGrafana(text)])
    ),
  }
}

/** Grafana's `{{ $value }}` is the text of all values; links go to the app's dashboards. */
function forGrafana(text: string): string {
  return text
    .trim()
    .replace(/\$value\b/g, '$values.query.Value')
    .replace(/(?<=\/d\/)(iosetu-license-[a-z]+)(?=[?/]|$)/g, '$1-app')
}

/** `app-LicenseServerDown`: at most 40 characters, as Grafana wants it. */
export function uidOf(alert: string): string {
  const uid = `app-${alert}`
  if (uid.length > 40) throw new Error(`uid ${uid} of alert ${alert} has more than 40 characters`)
  return uid
}

export function seconds(duration: string): number {
  const match = /^(\d+)([smhd])$/.exec(duration)
  if (!match) throw new Error(`${duration} is no duration of one unit`)
  return Number(match[1]) * { s: 1, m: 60, h: 3600, d: 86_400 }[match[2] as 's' | 'm' | 'h' | 'd']
}
