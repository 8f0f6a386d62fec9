import { groups } from '../alerts/rules.ts'

const prose = `# Alerts

<!-- Made from alerts/*.rules.yml by "npm run generate": change it there. -->

\`alerts/*.rules.yml\` are Prometheus rule files (2.42 or newer, for \`keep_firing_for\`):

\`\`\`yaml
rule_files: [alerts/*.rules.yml]
\`\`\`

Load all of them: alerts on capacity and expiry read series of \`recording.rules.yml\`;
LicenseRecordingRulesMissing says so where it is forgotten. \`alerts/alertmanager.yml\` routes them:
critical pages, warning is a ticket, info a digest in office hours. \`dashboard_url\` is a path below your
Grafana.

**Runbooks.** Every alert has one in \`alerts/runbooks\`, and its address in \`runbook_url\`, which is that
of this repository. Yours stand elsewhere? Change \`runbooks\` in \`test/generate/runbooks.ts\` and run
\`npm run generate\`: rules, Grafana's copies and those for Kubernetes follow; without a checkout, replace
what stands before \`/alerts/runbooks/\` with one search. Commands in them use \`27000@lic1\` for the \`address\`
of the server that the alert names, \`pro\` for its feature and \`drafty\` for its vendor.

**Grafana-managed instead.** \`provisioning/grafana/alerting/license.yaml\` has the same alerts for
Grafana 12 and newer, on the data source \`iosetu-license-prometheus\`. Use one of the two, or every
alert comes twice. The recording rules stay in Prometheus. Grafana has no inhibition: the tiers exclude
each other by themselves, but a server that is down may bring an alert of its features along. Grafana
does not forget a rule that is taken out of the file: name it under \`deleteRules\`. Who hears of them:
\`provisioning/grafana/examples/notifications.yaml\` has contact points and policies that do what
\`alerts/alertmanager.yml\` does. It is an example, not in the folder that Grafana reads: a policies file
replaces the whole tree of the organisation.

**Another job name, several jobs, several exporters.** Rules select by metric name; only
LicenseExporterAbsent and LicenseExporterDown name the job \`iosetu-license-exporter\`: write yours
there. Alerts on license servers drop \`job\` and \`instance\`: two exporters that read one server make
one alert, and a server is up while one of them reaches it. Alerts on the own license are by
\`instance\`: the documented job on \`/health\` beside the one on \`/metrics\` doubles nothing, as long as
both call the target alike.

**The two documented rules** of the own license keep their names. Their documented expressions work too:

\`\`\`yaml
- alert: LicenseExpiringSoon
  expr: iosetu_license_days_remaining < 7
  for: 1h
- alert: LicenseInGraceMode
  expr: iosetu_license_grace_mode == 1
\`\`\`

but overlap with the tiers beside them: the first goes on below 24 hours and after the end, the second
after grace is over. The shipped ones stop there, so that one state is one alert.

Full means: no seat is left that anybody could get. Where use is told by pool, every pool that has not
expired is full; elsewhere all seats but idle reservations are checked out; never with fewer than 2
seats. Refused requests of clients that probe for a feature nobody bought count nowhere.
`

/** docs/alerts.md */
export function alertsPage(): string {
  const lines = [prose]
  for (const { name, rules } of groups) {
    const alerts = rules.filter(rule => 'alert' in rule)
    if (alerts.length === 0) continue
    lines.push(`## ${name}\n`, '| alert | severity | for | what |', '|---|---|---|---|')
    for (const { alert, labels, for: wait = 'at once', annotations } of alerts) {
      const runbook = `[${alert}](../alerts/runbooks/${alert}.md)`
      lines.push(`| ${runbook} | ${labels.severity} | ${wait} | ${annotations.summary} |`)
    }
    lines.push('')
  }
  return lines.join('\n')
}
