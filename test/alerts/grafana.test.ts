import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { dataSourceUid, ruleUid } from '../generate/grafana-alerts.ts'
import { alertRules } from './rules.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const duration = z.string().regex(/^\d+[smhd]$/)
const expression = <T extends z.ZodRawShape>(refId: string, model: T) =>
  z.strictObject({
    refId: z.literal(refId),
    queryType: z.literal(refId),
    datasourceUid: z.literal('__expr__'),
    model: z.strictObject({ refId: z.literal(refId), type: z.literal(refId), ...model }),
  })

/** Grafana reads this file leniently: a misspelt key would be ignored without a word. */
const rule = z.strictObject({
  uid: z.string().regex(/^[a-z0-9-]{1,40}$/),
  title: z.string(),
  condition: z.literal('threshold'),
  data: z.tuple([
    z.strictObject({
      refId: z.literal('query'),
      queryType: z.literal('prometheus'),
      relativeTimeRange: z.strictObject({ from: z.literal(600), to: z.literal(0) }),
      datasourceUid: z.literal(dataSourceUid),
      model: z.strictObject({
        refId: z.literal('query'),
        expr: z.string(),
        instant: z.literal(true),
        range: z.literal(false),
      }),
    }),
    expression('math', { expression: z.string() }),
    expression('threshold', {
      expression: z.literal('math'),
      conditions: z.tuple([
        z.strictObject({
          evaluator: z.strictObject({ type: z.literal('gt'), params: z.tuple([z.literal(0)]) }),
        }),
      ]),
    }),
  ]),
  for: duration,
  keepFiringFor: duration,
  // With Alerting a rule on absent() would fire while all is well.
  noDataState: z.literal('OK'),
  execErrState: z.enum(['KeepLast', 'Alerting']),
  missing_series_evals_to_resolve: z.literal(1),
  labels: z.strictObject({ severity: z.string().regex(/^[^$]*$/) }),
  annotations: z.strictObject({
    summary: z.string(),
    description: z.string(),
    runbook_url: z.url(),
    dashboard_url: z.string().startsWith('/d/'),
    __dashboardUid__: z.string().min(1).max(40),
    __panelId__: z.string().regex(/^[1-9]\d*$/),
  }),
})

const file = z.strictObject({
  apiVersion: z.literal(1),
  groups: z.array(
    z.strictObject({
      orgId: z.literal(1),
      name: z.string(),
      folder: z.string(),
      interval: duration,
      rules: z.array(rule).min(1),
    }),
  ),
})

const paths = globSync('provisioning/grafana/alerting/*.yaml', { cwd: root })
const files = paths.map(path => file.parse(parse(readFileSync(`${root}${path}`, 'utf8'))))
const groups = files.flatMap(one => one.groups)
const copies = groups.flatMap(group => group.rules)

test.each(alertRules)('$alert has a copy that asks, waits and says the same', source => {
  const copy = copies.find(({ title }) => title === source.alert)
  expect(copy?.data[0].model.expr).toBe(source.expr.trimEnd())
  expect(copy?.for).toBe(source.for ?? '0s')
  expect(copy?.keepFiringFor).toBe(source.keep_firing_for ?? '0s')
  expect(copy?.labels).toEqual(source.labels)
  const said = copy?.annotations.description.replaceAll('$values.query.Value', '$value')
  expect(said).toBe(source.annotations.description)
})

test('there are no other copies, and no uid twice', () => {
  expect(copies.map(({ title }) => title).sort()).toEqual(alertRules.map(one => one.alert).sort())
  expect(new Set(copies.map(({ uid }) => uid)).size).toBe(copies.length)
})

test('only the rules on the exporter itself are loud when the data source is gone', () => {
  const loud = copies.filter(({ execErrState }) => execErrState === 'Alerting')
  expect(loud.map(({ title }) => title)).toEqual(['LicenseExporterAbsent', 'LicenseExporterDown'])
})

test('a uid is made of the name alone', () => {
  expect(ruleUid('IOSetuLicenseExpiresIn24Hours')).toBe('iosetu-license-expires-in-24-hours')
  expect(ruleUid('LicenseFeatureExhaustedWithDenials')).toBe(
    'license-feature-exhausted-with-denials',
  )
})

interface Panel {
  id: number
  type: string
  panels?: Panel[]
}

const dashboards = globSync('dashboards/json/*.json', { cwd: root }).map(
  path =>
    JSON.parse(readFileSync(`${root}${path}`, 'utf8')) as {
      uid: string
      panels: Panel[]
    },
)

describe.skipIf(dashboards.length === 0)('dashboards', () => {
  test.each(copies)('$title leads to a panel that exists', ({ annotations }) => {
    const dashboard = dashboards.find(({ uid }) => uid === annotations.__dashboardUid__)
    const panels = dashboard?.panels.flatMap(one => [one, ...(one.panels ?? [])])
    const panel = panels?.find(({ id }) => String(id) === annotations.__panelId__)
    expect(panel?.type).toMatch(/^(?!row$)/)
  })

  test('stand in another folder than the alerts: a second folder of that name would be made', () => {
    const providers = globSync('provisioning/grafana/dashboards/*.yaml', { cwd: root })
    for (const path of providers) {
      const text = readFileSync(`${root}${path}`, 'utf8')
      expect(groups.filter(({ folder }) => text.includes(`folder: ${folder}\n`))).toEqual([])
    }
  })
})
