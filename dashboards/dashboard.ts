import type { Placeable } from './panel.ts'
import type { Dashboard, Link, Panel, RowPanel } from './schema.ts'
import { type VariableName, variables } from './variables.ts'

/** Where alerts, links and the app find each dashboard; `-app` is added in the app's own copies. */
export const uids = {
  overview: 'iosetu-license-overview',
  server: 'iosetu-license-server',
  feature: 'iosetu-license-feature',
  renewals: 'iosetu-license-renewals',
  capacity: 'iosetu-license-capacity',
  own: 'iosetu-license-own',
  exporter: 'iosetu-license-exporter',
  events: 'iosetu-license-events',
} as const

export interface Row {
  title: string
  /** Its id, as that of a panel. */
  id: number
  panels: readonly Placeable[]
}

export interface DashboardDraft {
  uid: (typeof uids)[keyof typeof uids]
  title: string
  description: string
  from: string
  refresh: string
  rows: readonly Row[]
  /** The series of the own license, which a job on `/health` alone may carry. */
  ownLicense?: boolean
}

export function dashboard(draft: DashboardDraft): Dashboard {
  const panels = place(draft.rows)
  return {
    uid: draft.uid,
    title: draft.title,
    description: draft.description,
    tags: ['iosetu', 'license'],
    // 42 is what Grafana 12 and 13 write; a higher one is refused by older ones.
    schemaVersion: 42,
    editable: false,
    graphTooltip: 1,
    timezone: 'browser',
    weekStart: '',
    fiscalYearStartMonth: 0,
    refresh: draft.refresh,
    time: { from: draft.from, to: 'now' },
    timepicker: {},
    annotations: { list: [] },
    links: [
      {
        type: 'dashboards',
        title: 'License dashboards',
        tags: ['iosetu', 'license'],
        asDropdown: true,
        includeVars: true,
        keepTime: true,
        targetBlank: false,
        icon: 'external link',
        tooltip: '',
        url: '',
      },
    ],
    templating: { list: used(panels, draft.ownLicense ?? false) },
    panels,
  }
}

/** Panels from left to right, rows below each other; Grafana's grid is 24 wide. */
function place(rows: readonly Row[]): (Panel | RowPanel)[] {
  const placed: (Panel | RowPanel)[] = []
  let y = 0
  for (const row of rows) {
    const gridPos = { h: 1, w: 24, x: 0, y }
    placed.push({
      type: 'row',
      id: row.id,
      title: row.title,
      collapsed: false,
      gridPos,
      panels: [],
    })
    y++
    let x = 0
    let height = 0
    for (const panel of row.panels) {
      const { w, h } = panel.gridPos
      if (x + w > 24) {
        y += height
        x = 0
        height = 0
      }
      placed.push({ ...panel, gridPos: { w, h, x, y } })
      x += w
      height = Math.max(height, h)
    }
    y += height
  }
  return placed
}

/** The variables that the panels name, and those that these depend on. */
function used(panels: readonly (Panel | RowPanel)[], ownLicense: boolean) {
  const all = variables(ownLicense)
  const names = Object.keys(all) as VariableName[]
  const wanted = new Set<string>()
  const look = (text: string) => {
    for (const name of names) {
      if (wanted.has(name) || !new RegExp(`\\$\\{?${name}\\b`).test(text)) continue
      wanted.add(name)
      look(JSON.stringify(all[name]))
    }
  }
  // Links name the variables of the dashboard that they lead to.
  look(JSON.stringify(panels.map(panel => ({ ...panel, fieldConfig: undefined }))))
  return names.filter(name => wanted.has(name)).map(name => all[name])
}

/** To another dashboard with the data source, the jobs and the time of this one. */
export function link(
  title: string,
  to: keyof typeof uids,
  values: Readonly<Record<string, string>>,
): Link {
  const own = Object.entries(values).map(
    ([name, value]) => `var-${name}=\${${value}:percentencode}`,
  )
  const kept = [
    'var-prometheus_datasource=$' + '{prometheus_datasource}',
    '$' + '{job:queryparam}',
    '$' + '{instance:queryparam}',
    '$' + '{__url_time_range}',
  ]
  return { title, url: `/d/${uids[to]}?${[...own, ...kept].join('&')}` }
}
