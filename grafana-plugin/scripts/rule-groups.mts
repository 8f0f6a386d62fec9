import { parse } from 'yaml'
import type { AppGroup, AppRule } from '../src/Config/ruleBody.ts'

interface PrometheusRule {
  alert?: string
  record?: string
  expr: string
  for?: string
  keep_firing_for?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

const recorded = /\b(?:feature|pool|server):[a-z_]+:[a-z0-9_]+/g

/** What only the file-provisioned copy of an alert says: its panel, and its state on errors. */
export interface Copy {
  panel: string
  execErrState: AppRule['execErrState']
}

/** The file-provisioned copies, by the name of the alert. */
export function copiesOf(file: string): ReadonlyMap<string, Copy> {
  const { groups } = parse(file) as {
    groups: Array<{
      rules: Array<Pick<AppRule, 'title' | 'execErrState' | 'annotations'>>
    }>
  }
  return new Map(
    groups
      .flatMap(group => group.rules)
      .map(({ title, execErrState, annotations }) => [
        title,
        { execErrState, panel: annotations.__panelId__ ?? '' },
      ])
  )
}

/** Alert groups of Prometheus rule files, for the provisioning API of Grafana. */
export function ruleGroups(
  files: readonly string[],
  copies: ReadonlyMap<string, Copy>
): AppGroup[] {
  const groups = files.flatMap(text => (parse(text) as { groups: Group[] }).groups)
  return groups
    .filter(group => group.rules.some(rule => rule.alert))
    .map(group => {
      const alerts = group.rules.filter(rule => rule.alert)
      return {
        name: group.name,
        intervalSeconds: seconds(group.interval ?? '1m'),
        records: [...new Set(alerts.flatMap(rule => rule.expr.match(recorded) ?? []))].sort(),
        rules: alerts.map(rule => appRule(rule, copies)),
      }
    })
}

interface Group {
  name: string
  interval?: string
  rules: PrometheusRule[]
}

function appRule(rule: PrometheusRule, copies: ReadonlyMap<string, Copy>): AppRule {
  const name = rule.alert!
  const copy = copies.get(name)
  if (!copy) throw new Error(`${name} has no copy in provisioning/grafana/alerting`)
  const annotations = Object.fromEntries(
    Object.entries(rule.annotations ?? {}).map(([key, text]) => [key, forGrafana(text)])
  )
  return {
    uid: uidOf(name),
    title: name,
    expr: rule.expr.trim(),
    for: rule.for ?? '0s',
    ...(rule.keep_firing_for && { keepFiringFor: rule.keep_firing_for }),
    execErrState: copy.execErrState,
    labels: rule.labels ?? {},
    annotations: { ...annotations, ...panelLink(annotations.dashboard_url, copy.panel) },
  }
}

/** Notifications and the state history link the panel by these two; Grafana refuses one alone. */
function panelLink(url: string | undefined, panel: string): Record<string, string> {
  const uid = /^\/d\/([\w-]+)/.exec(url ?? '')?.[1]
  return uid && panel ? { __dashboardUid__: uid, __panelId__: panel } : {}
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
