import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { check } from '../promql/check.ts'
import { alertRules, groups, recordingRules, ruleFiles, withRecorded } from './rules.ts'

const known = withRecorded()
const folder = new URL('../../alerts/', import.meta.url)

test('every file of rules is read', () => {
  const files = readdirSync(folder).filter(name => name.endsWith('.rules.yml'))
  expect(files.sort()).toEqual(ruleFiles.map(path => path.replace(/.*\//, '')).sort())
})

test.each([
  ...alertRules.map(rule => [rule.alert, rule.expr] as const),
  ...recordingRules.map(rule => [rule.record, rule.expr] as const),
])('%s selects what is there and joins it one to many', (_, expr) => {
  expect(check(expr, { series: known, bare: true }).problems).toEqual([])
})

test.each(alertRules)('$alert shows only labels that it has', ({ expr, annotations }) => {
  const { labels } = check(expr, { series: known }).type
  const text = Object.values(annotations).join('\n')
  const shown = [...text.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label)
  expect(shown.filter(label => !labels.has(label!))).toEqual([])
  expect(annotations.summary).not.toContain('{{')
  expect(annotations.summary).toMatch(/\.$/)
  // Grafana knows no query() in annotations.
  expect(text).not.toMatch(/\{\{[^}]*\bquery\b/)
})

test.each(alertRules)('$alert leads to its runbook', ({ alert, annotations }) => {
  const file = `runbooks/${alert}.md`
  expect(annotations.runbook_url.endsWith(`/alerts/${file}`)).toBe(true)
  expect(existsSync(new URL(file, folder)), file).toBe(true)
})

test('a number that a person reads is made readable', () => {
  for (const { alert, expr, annotations } of alertRules) {
    const bare = /\{\{ \$value \}\}/.test(annotations.description)
    const [value] = expr.split(/\n\s*(?:and|unless) on/)
    if (bare) expect(value, alert).not.toMatch(/increase|rate\(|time\(\)|\//)
  }
})

test('no rule looks back further than 14 days, the shortest usual retention', () => {
  for (const { rules } of groups) {
    for (const { expr } of rules) {
      for (const [, days] of expr.matchAll(/(\d+)d\b/g))
        expect(Number(days)).toBeLessThanOrEqual(14)
    }
  }
})

test('no alert is a prediction or depends on an order', () => {
  for (const { alert, expr } of alertRules) {
    expect(expr, alert).not.toMatch(/predict_linear|deriv\(|topk|bottomk/)
  }
})

test('absent waits for more than two scrapes', () => {
  const absent = alertRules.filter(({ expr }) => /\babsent\(/.test(expr))
  expect(absent.map(({ alert }) => alert)).toEqual(['LicenseExporterAbsent'])
  expect(absent.map(rule => rule.for)).toEqual(['10m'])
})

test('a name stands once, among alerts, records and groups', () => {
  for (const names of [
    alertRules.map(({ alert }) => alert),
    recordingRules.map(({ record }) => record),
    groups.map(({ name }) => name),
  ]) {
    expect(new Set(names).size).toBe(names.length)
  }
})

test('every recorded series stands in the list at the head of its file', () => {
  const text = readFileSync(ruleFiles[0]!, 'utf8')
  const listed = [...text.matchAll(/^# ((?:feature|server|pool):\S+)/gm)].map(([, name]) => name)
  expect(listed.sort()).toEqual(recordingRules.map(({ record }) => record).sort())
})

/** A name that people route by and silence: none vanishes unnoticed. */
test('the shipped alerts are these', () => {
  const shipped = alertRules.map(({ alert, labels }) => `${labels.severity.padEnd(8)} ${alert}`)
  expect(shipped.sort()).toMatchInlineSnapshot(`
    [
      "critical IOSetuLicenseClockSetBack",
      "critical IOSetuLicenseExpiresIn1Hour",
      "critical IOSetuLicenseExpiresIn24Hours",
      "critical IOSetuLicenseGraceEnded",
      "critical IOSetuLicenseGraceEndingSoon",
      "critical IOSetuLicenseMissing",
      "critical LicenseExporterAbsent",
      "critical LicenseExporterDown",
      "critical LicenseFeatureExhaustedWithDenials",
      "critical LicenseInGraceMode",
      "critical LicensePoolExpiresIn7Days",
      "critical LicenseServerDown",
      "critical LicenseServerQuorumLost",
      "critical LicenseVendorDaemonDown",
      "info     IOSetuLicenseExpiresIn30Days",
      "info     LicenseFeatureNearlyExhausted",
      "info     LicenseFeatureOversized",
      "info     LicenseFeatureUndersized",
      "info     LicenseOutputNotUnderstood",
      "info     LicensePoolExpiresIn60Days",
      "info     LicenseSeatHeldWhileFull",
      "warning  IOSetuLicenseCheckStale",
      "warning  IOSetuLicenseClockDrift",
      "warning  IOSetuLicenseReloadRefused",
      "warning  LicenseCollectionFailing",
      "warning  LicenseDataStale",
      "warning  LicenseEventsDropped",
      "warning  LicenseEventsNotDelivered",
      "warning  LicenseExpiringSoon",
      "warning  LicenseExporterConfigRefused",
      "warning  LicenseExporterNoState",
      "warning  LicenseExporterRestarting",
      "warning  LicenseFeatureDenials",
      "warning  LicenseFeatureExhausted",
      "warning  LicenseFeatureSeatsDropped",
      "warning  LicenseFeatureVanished",
      "warning  LicenseFileNotLoaded",
      "warning  LicenseLogReaderStuck",
      "warning  LicensePoolExpired",
      "warning  LicensePoolExpiresIn30Days",
      "warning  LicenseRecordingRulesMissing",
      "warning  LicenseRequestsWaiting",
      "warning  LicenseServerDenials",
      "warning  LicenseServerFlapping",
      "warning  LicenseServerMemberDown",
    ]
  `)
})
