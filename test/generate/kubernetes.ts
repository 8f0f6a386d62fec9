import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse, stringify } from 'yaml'

const note = (source: string) => `# Made from ${source} by \`npm run generate\`.\n`
const yaml = (value: unknown) => stringify(value, { lineWidth: 0 })

/** alerts/*.rules.yml as one PrometheusRule. */
export function prometheusRule(folder: string): string {
  const groups = readdirSync(folder)
    .filter(name => name.endsWith('.rules.yml'))
    .sort()
    .flatMap(name => (parse(readFileSync(join(folder, name), 'utf8')) as Rules).groups)
  const object = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'license-exporter', namespace: 'license-exporter' },
    spec: { groups },
  }
  return note('alerts/*.rules.yml') + yaml(object)
}

interface Rules {
  groups: unknown[]
}

/** One ConfigMap a dashboard: together they are more than one object may hold. */
export function dashboardConfigMaps(names: readonly string[]): string {
  const configMapGenerator = names.map(name => ({
    name: configMap(name),
    files: [`${name}.json=json/${name}.json`],
  }))
  return (
    note('dashboards/json') +
    yaml({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      configMapGenerator,
      generatorOptions: { disableNameSuffixHash: true },
    })
  )
}

/** One GrafanaDashboard each, for the Grafana operator. */
export function grafanaDashboards(names: readonly string[]): string {
  const objects = names.map(name => ({
    apiVersion: 'grafana.integreatly.org/v1beta1',
    kind: 'GrafanaDashboard',
    metadata: { name: configMap(name) },
    spec: {
      folder: 'License servers',
      instanceSelector: { matchLabels: { dashboards: 'grafana' } },
      configMapRef: { name: configMap(name), key: `${name}.json` },
    },
  }))
  return note('dashboards/json') + objects.map(yaml).join('---\n')
}

export function dashboardNames(folder: string): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .map(name => basename(name, '.json'))
    .sort()
}

const configMap = (name: string) => `license-dashboard-${name}`
