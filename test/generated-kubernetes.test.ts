import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import {
  dashboardConfigMaps,
  dashboardNames,
  grafanaDashboards,
  prometheusRule,
} from './generate/kubernetes.ts'

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const alerts = at('alerts')
const dashboards = at('dashboards/json')
const overlays = '../provisioning/kubernetes/overlays'

/** Kubernetes objects made from rules and dashboards; `npm run generate` rewrites them. */
test.runIf(existsSync(alerts))('the PrometheusRule is what the rules say', async () => {
  const file = `${overlays}/prometheus-operator/prometheus-rule.yaml`
  await expect(prometheusRule(alerts)).toMatchFileSnapshot(file)
})

test.runIf(existsSync(dashboards))('every dashboard is a ConfigMap', async () => {
  const names = dashboardNames(dashboards)
  expect(names.length).toBeGreaterThan(3)
  await expect(dashboardConfigMaps(names)).toMatchFileSnapshot('../dashboards/kustomization.yaml')
})

test.runIf(existsSync(dashboards))('every dashboard is a GrafanaDashboard', async () => {
  const file = `${overlays}/grafana-operator/dashboards.yaml`
  await expect(grafanaDashboards(dashboardNames(dashboards))).toMatchFileSnapshot(file)
})
