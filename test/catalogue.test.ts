import { describe, expect, test } from 'vitest'
import { events, labels, type MetricDefinition, metrics } from '../exporter/catalogue.ts'
import { sources } from './sources.ts'

const all = Object.entries(metrics) as [string, MetricDefinition][]

/** A counter's family, as OpenMetrics names it. */
const familyOf = (name: string, { kind }: MetricDefinition) =>
  kind === 'counter' ? name.replace(/_total$/, '') : name

describe('a metric', () => {
  test.each(all)('%s keeps the rules of names', (name, definition) => {
    const family = familyOf(name, definition)
    expect(name).toMatch(/^(iosetu_license|license|process|nodejs)(_[a-z0-9]+)+$/)
    expect(name.endsWith('_total')).toBe(definition.kind === 'counter')
    expect(name).not.toMatch(/_(ms|millis|minutes|hours|kb|mb|percent|count|sum|bucket|ratio)$/)
    if (name !== 'iosetu_license_days_remaining') expect(name).not.toMatch(/_days/)
    expect(definition.unit === 's').toBe(family.endsWith('_seconds'))
    expect(definition.unit === 'By').toBe(family.endsWith('_bytes'))
    expect(new Set(definition.labels).size).toBe(definition.labels.length)
    for (const label of definition.labels) expect(label).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(definition.help).toMatch(/^[^\s].*\.$/)
  })

  test('stands for one family in OpenMetrics too', () => {
    const families = all.map(([name, definition]) => familyOf(name, definition))
    expect(new Set(families).size).toBe(families.length)
    const reserved = families.flatMap(name => [`${name}_total`, `${name}_created`])
    expect(families.filter(name => reserved.includes(name))).toEqual([])
  })

  test('has no label that names where it was scraped', () => {
    for (const label of ['job', 'instance', 'service', 'env', 'type', 'le', 'quantile']) {
      expect(Object.keys(labels)).not.toContain(label)
    }
  })
})

test.each(Object.entries(events))('event %s fits its level', (name, { level, severity, help }) => {
  expect(name).toMatch(/^(license|license_server|license_feature|license_pool|exporter|api)\.\w+$/)
  expect({ INFO: 'info', WARN: 'warning', ERROR: 'critical' }[level]).toBe(severity)
  expect(help).toMatch(/\.$/)
})

/**
 * Names of metrics in a text outside the catalogue that no compiler checks. Checked is the first
 * argument of sample(), instrument(), metricName(), LabelsOf<> and the dashboards' typed selectors.
 * Recorded series (`level:metric:operation`) are compared with the rules by another test; lines of
 * comment may say what they want.
 */
function strayNames(text: string): string[] {
  const code = text
    .split('\n')
    .filter(line => !/^\s*(\/\/|\/?\*)/.test(line))
    .join('\n')
  const like =
    /(?<!:)\b(?:iosetu_license_\w*|license_(?:server|feature|pool|checkout|exporter|checkouts)_\w*|(?:process|nodejs)_[a-z]\w*_(?:seconds|bytes|fds|total))|['"`](?:iosetu_)?license_(?=['"`$])/g
  return [...code.matchAll(like)]
    .filter(({ index, 0: name }) => {
      const before = code.slice(Math.max(0, index - 80), index)
      const after = code[index + name.length]
      const checked =
        /\b(?:(?:sample|instrument|metricName|now|least|grown|rate|labelValues|counts|ofInstance|only|perInstance|course|age|growth)(?:<[^<>]*>)?\(|LabelsOf<)\s*(['"`])$/.exec(
          before,
        )
      return !checked || checked[1] !== after || !(name in metrics)
    })
    .map(({ 0: name }) => name)
}

describe('a metric name outside the catalogue', () => {
  test.each([
    ["const x = 'license_server_up'", 1],
    ['query(`sum(license_feature_seats_used)`)', 1],
    ["sample('license_server_upp', {}, 1)", 1],
    ['sample(`license_server_up$' + '{x}`, {}, 1)', 1],
    ["const y = 'license_' + what", 1],
    ["sample('license_server_up', labels, 1)", 0],
    ["sample<MetricName>(\n  'license_server_up',\n  labels, 1)", 0],
    ["instrument('license_exporter_events_total')", 0],
    ["metricName('process_cpu_seconds_total')", 0],
    ['// license_server_up is told below', 0],
    [' * license_server_up in a comment', 0],
    ["emit({ event: 'license_server.down' })", 0],
    ['server.license_files ?? []', 0],
  ])('%s: %i', (text, count) => {
    expect(strayNames(text)).toHaveLength(count)
  })

  test('stands nowhere in exporter/ and dashboards/', () => {
    const files = sources('exporter/**/*.{ts,mjs}', 'dashboards/**/*.ts')
    expect(files.length).toBeGreaterThan(30)
    const stray = files
      .filter(({ path }) => path !== 'exporter/catalogue.ts')
      .flatMap(({ path, text }) => strayNames(text).map(name => `${path}: ${name}`))
    expect(stray).toEqual([])
  })
})
