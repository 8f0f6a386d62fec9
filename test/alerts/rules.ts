import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'
import { check } from '../promql/check.ts'
import { type KnownSeries, type Series, scraped } from '../promql/series.ts'

const folder = new URL('../../alerts/', import.meta.url)
/** Recording rules first: what alerts read is known then. */
export const ruleFiles = [
  'recording',
  'exporter',
  'own-license',
  'servers',
  'capacity',
  'pool-expiry',
].map(name => fileURLToPath(new URL(`${name}.rules.yml`, folder)))

const duration = z.string().regex(/^\d+[smhd]$/)
const alert = z.strictObject({
  alert: z.string(),
  expr: z.string(),
  for: duration.optional(),
  keep_firing_for: duration.optional(),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning', 'info']) }),
  annotations: z.strictObject({
    summary: z.string(),
    description: z.string(),
    runbook_url: z.url(),
    dashboard_url: z.string(),
  }),
})
const recording = z.strictObject({ record: z.string(), expr: z.string() })
const file = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      interval: duration.optional(),
      rules: z.array(z.union([alert, recording])),
    }),
  ),
})

export type AlertRule = z.output<typeof alert>
export type RecordingRule = z.output<typeof recording>
export type RuleGroup = z.output<typeof file>['groups'][number]

export function readRules(path: string): RuleGroup[] {
  return file.parse(parse(readFileSync(path, 'utf8'))).groups
}

export const groups: readonly RuleGroup[] = ruleFiles.flatMap(readRules)
const rules = groups.flatMap(group => group.rules)
export const alertRules = rules.filter(rule => 'alert' in rule)
export const recordingRules = rules.filter(rule => 'record' in rule)

/** What is scraped and what our recording rules make of it. */
export function withRecorded(): KnownSeries {
  const known = new Map<string, Series>(scraped)
  for (const { interval = '1m', rules } of groups) {
    for (const rule of rules) {
      if (!('record' in rule)) continue
      const { type } = check(rule.expr, { series: known })
      known.set(rule.record, { kind: 'gauge', labels: [...type.labels], every: seconds(interval) })
    }
  }
  return known
}

function seconds(duration: string): number {
  const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[duration.slice(-1)] ?? 1
  return Number(duration.slice(0, -1)) * unit
}
