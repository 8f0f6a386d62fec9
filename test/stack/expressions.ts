import { dashboards } from '../../dashboards/index.ts'
import type { Panel, RowPanel } from '../../dashboards/schema.ts'

/** Every question that the dashboards ask, and where. */
export interface Asked {
  /** `overview/10 Exporters up A` */
  where: string
  dashboard: string
  expr: string
  source: 'prometheus' | 'loki'
  range: boolean
  legend?: string
  panel: Panel
}

interface Target {
  refId: string
  expr: string
  range?: boolean
  legendFormat?: string
}

export function panelsOf(name: string): Panel[] {
  const all: (Panel | RowPanel)[] = dashboards[name]?.panels ?? []
  return all.filter((panel): panel is Panel => panel.type !== 'row')
}

export function asked(names: readonly string[] = Object.keys(dashboards)): Asked[] {
  return names.flatMap(dashboard =>
    panelsOf(dashboard).flatMap(panel =>
      ((panel.targets ?? []) as unknown as Target[]).map(target => ({
        where: `${dashboard}/${panel.id} ${panel.title} ${target.refId}`,
        dashboard,
        expr: target.expr,
        source: panel.datasource?.type === 'loki' ? ('loki' as const) : ('prometheus' as const),
        range: target.range ?? false,
        ...(target.legendFormat && { legend: target.legendFormat }),
        panel,
      })),
    ),
  )
}

export interface AskedVariable {
  where: string
  name: string
  query: string
  dashboard: string
}

export function askedVariables(): AskedVariable[] {
  return Object.entries(dashboards).flatMap(([dashboard, { templating }]) =>
    (templating?.list ?? [])
      .filter(({ type }) => type === 'query')
      .map(({ name, query }) => ({
        where: `${dashboard} variable ${name}`,
        name,
        dashboard,
        query: (query as { query: string }).query,
      })),
  )
}

/** `label_values(metric{…}, label)` */
export function labelValuesOf(query: string): { selector: string; label: string } {
  const found = /^label_values\((.*), (\w+)\)$/.exec(query)
  if (!found?.[1] || !found[2]) throw new Error(`not understood: ${query}`)
  return { selector: found[1], label: found[2] }
}

export interface Times {
  interval: string
  rateInterval: string
  range: string
  /** In place of the hours of a subquery. */
  hour: string
}

export const asShipped: Times = { interval: '5m', rateInterval: '2m', range: '7d', hour: '1h' }

/** What Grafana sends: `values` by variable; more than one becomes a regular expression. */
export function interpolate(
  expr: string,
  values: Readonly<Record<string, readonly string[] | string>>,
  times: Times,
): string {
  return (
    expr
      .replaceAll('[$__range:1h]', `[$__range:${times.hour}]`)
      .replaceAll('$__rate_interval', times.rateInterval)
      .replaceAll('$__interval', times.interval)
      .replaceAll('$__range', times.range)
      .replaceAll('$__auto', times.interval)
      // $1 of label_replace is no variable.
      .replaceAll(/\$([a-z_]\w*)/g, (whole, name: string) => {
        const value = values[name]
        if (value === undefined) throw new Error(`${whole} has no value in ${expr}`)
        if (typeof value === 'string') return value
        const escaped = value.map(escapeForRegex)
        return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`
      })
  )
}

/** As Grafana 12 does it for a variable of several values, inside a quoted string. */
function escapeForRegex(value: string): string {
  return value
    .replaceAll('\\', '\\\\\\\\')
    .replaceAll(/[$^*{}[\]'+?.()|]/g, '\\\\$&')
    .replaceAll('"', '\\"')
}
