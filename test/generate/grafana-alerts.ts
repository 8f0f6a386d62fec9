import { stringify } from 'yaml'
import type { AlertRule, RuleGroup } from '../alerts/rules.ts'
import { alertPanels } from './alert-panels.ts'

/**
 * Grafana-managed copies of the alert rules, in the form of its file provisioning and with the three
 * steps its own converter makes: query, math, threshold (a threshold on the query alone would miss
 * `up == 0`, whose value is 0).
 */

/** Written out: an unset variable here would be silent. provisioning/grafana/datasources has it. */
export const dataSourceUid = 'iosetu-license-prometheus'

const head = `# Made from alerts/*.rules.yml by "npm run generate": change it there.
# Where Prometheus evaluates these rules and Alertmanager routes them, leave this file out, or every
# alert comes twice. alerts/recording.rules.yml must be loaded in Prometheus either way.
`

/** Rules that must be loud when the data source itself is gone; KeepLast hides that. */
const watchers = ['LicenseExporterAbsent', 'LicenseExporterDown']

export function grafanaAlerts(groups: readonly RuleGroup[]): string {
  const folder = 'License alerts'
  const made = groups
    .map(({ name, interval = '1m', rules }) => ({
      orgId: 1,
      name,
      folder,
      interval,
      rules: rules.filter(rule => 'alert' in rule).map(grafanaRule),
    }))
    .filter(({ rules }) => rules.length > 0)
  return head + stringify({ apiVersion: 1, groups: made }, { lineWidth: 0 })
}

/** Stable, and at most 40 characters: `license-feature-exhausted-with-denials`. */
export function ruleUid(alert: string): string {
  return alert
    .replace('IOSetu', 'Iosetu')
    .replaceAll(/(?<=[a-z])(?=[A-Z\d])|(?<=\d)(?=[A-Z])/g, '-')
    .toLowerCase()
}

function grafanaRule({ alert, expr, for: wait, keep_firing_for, labels, annotations }: AlertRule) {
  const dashboard = /^\/d\/([\w-]+)/.exec(annotations.dashboard_url)?.[1] ?? ''
  return {
    uid: ruleUid(alert),
    title: alert,
    condition: 'threshold',
    data: [
      {
        refId: 'query',
        queryType: 'prometheus',
        relativeTimeRange: { from: 600, to: 0 },
        datasourceUid: dataSourceUid,
        model: { refId: 'query', expr: expr.trimEnd(), instant: true, range: false },
      },
      {
        refId: 'math',
        queryType: 'math',
        datasourceUid: '__expr__',
        model: {
          refId: 'math',
          type: 'math',
          expression: 'is_number($query) || is_nan($query) || is_inf($query)',
        },
      },
      {
        refId: 'threshold',
        queryType: 'threshold',
        datasourceUid: '__expr__',
        model: {
          refId: 'threshold',
          type: 'threshold',
          expression: 'math',
          conditions: [{ evaluator: { type: 'gt', params: [0] } }],
        },
      },
    ],
    for: wait ?? '0s',
    keepFiringFor: keep_firing_for ?? '0s',
    noDataState: 'OK',
    execErrState: watchers.includes(alert) ? 'Alerting' : 'KeepLast',
    missing_series_evals_to_resolve: 1,
    labels,
    annotations: {
      summary: annotations.summary,
      // A float on every version, with one query or several.
      description: annotations.description.replaceAll('$value', '$values.query.Value'),
      runbook_url: annotations.runbook_url,
      dashboard_url: annotations.dashboard_url,
      __dashboardUid__: dashboard,
      __panelId__: String(alertPanels[alert] ?? ''),
    },
  }
}
