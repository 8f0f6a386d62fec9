/**
 * Where people find the runbooks: the one place that says it. Yours? Change it here and
 * `npm run generate` writes it into the rules, their copies for Grafana and for Kubernetes.
 */
export const runbooks = 'https://github.com/iosetu/license-exporter/blob/main/alerts/runbooks'

/** The text of a file of rules with the address of each alert's runbook. */
export function withRunbooks(text: string, base: string = runbooks): string {
  let alert = ''
  const lines = text.split('\n').map(line => {
    alert = /^ *- alert: (\w+)$/.exec(line)?.[1] ?? alert
    return line.replace(/^( *runbook_url: ).*$/, `$1${base}/${alert}.md`)
  })
  return lines.join('\n')
}
