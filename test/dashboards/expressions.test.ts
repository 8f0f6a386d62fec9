import { readFileSync } from 'node:fs'
import { parser as logql } from '@grafana/lezer-logql'
import { describe, expect, test } from 'vitest'
import { dashboards } from '../../dashboards/index.ts'
import { recorded } from '../../dashboards/recorded.ts'
import { type EventName, events, metrics } from '../../exporter/catalogue.ts'
import { alertRules, recordingRules, withRecorded } from '../alerts/rules.ts'
import { check } from '../promql/check.ts'
import {
  asked,
  askedVariables,
  asShipped,
  interpolate,
  labelValuesOf,
} from '../stack/expressions.ts'
import { alertExpressions, unread } from './read.ts'

/** As if every variable were set to All. */
const all = Object.fromEntries(
  ['job', 'instance', 'server', 'vendor', 'feature', 'service'].map(name => [name, '.+']),
)
const values = { ...all, utc_offset: '0', headroom: '10' }
const series = withRecorded()
const prometheus = asked().filter(({ source }) => source === 'prometheus')
const loki = asked().filter(({ source }) => source === 'loki')

test('every expression of a panel parses and reads only series and labels that exist', () => {
  const problems = prometheus.flatMap(({ where, expr }) =>
    check(interpolate(expr, values, asShipped), { series }).problems.map(
      problem => `${where}: ${problem}`,
    ),
  )
  expect(problems).toEqual([])
  expect(prometheus.length).toBeGreaterThan(120)
})

test('every variable asks for a label that its series has', () => {
  for (const { where, query } of askedVariables()) {
    const { selector, label } = labelValuesOf(query)
    const { problems, type } = check(interpolate(selector, values, asShipped), { series })
    expect(problems, where).toEqual([])
    expect([...type.labels], where).toContain(label)
  }
})

test('every selector is narrowed by job and instance, recorded series by their own labels', () => {
  const wrong = prometheus.flatMap(({ where, expr }) =>
    [...expr.matchAll(/([a-z_:0-9]+)\{([^}]*)\}/g)]
      .filter(([, name = '', matchers = '']) => {
        if (name.includes(':')) return !matchers.includes('server=~"$server"')
        return !/job=~"\$job", instance=~"\$instance"/.test(matchers)
      })
      .map(([text]) => `${where}: ${text}`),
  )
  expect(wrong).toEqual([])
})

test('rate takes $__rate_interval', () => {
  const wrong = prometheus.filter(({ expr }) =>
    [...expr.matchAll(/\birate\(|\brate\([^[]*\[([^\]]*)\]/g)].some(
      ([, range]) => range !== '$__rate_interval',
    ),
  )
  expect(wrong.map(({ where }) => where)).toEqual([])
})

test('recorded series are those of the rules', () => {
  const names = recordingRules.map(({ record }) => record)
  expect(recorded.filter(name => !names.includes(name))).toEqual([])
  const unused = recorded.filter(name => !prometheus.some(({ expr }) => expr.includes(name)))
  expect(unused).toEqual([])
})

describe('the catalogue', () => {
  const read = new Set(
    [...prometheus.map(({ expr }) => interpolate(expr, values, asShipped)), ...alertExpressions()]
      .flatMap(expr => [...check(expr, { series }).selects])
      .flat(),
  )

  test('every metric is read by a dashboard or a rule, or stands in a list with the reason', () => {
    const missing = Object.keys(metrics).filter(name => !read.has(name) && !unread.has(name))
    expect(missing).toEqual([])
  })

  test('what is listed as unread is unread', () => {
    expect([...unread.keys()].filter(name => read.has(name) || !(name in metrics))).toEqual([])
  })
})

describe('LogQL', () => {
  test.each(loki.map(({ where, expr }) => [where, expr] as const))('%s parses', (_, expr) => {
    const text = interpolate(expr, values, asShipped)
    const errors: string[] = []
    logql.parse(text).iterate({
      enter(node) {
        if (node.type.isError) errors.push(text.slice(node.from, node.to + 20))
      },
    })
    expect(errors).toEqual([])
  })

  test('a broken query is noticed', () => {
    let errors = 0
    logql.parse('{service_name=~".+"} | event_name=~').iterate({
      enter(node) {
        if (node.type.isError) errors++
      },
    })
    expect(errors).toBeGreaterThan(0)
  })

  test('event names are those of the catalogue, and all of them are shown', () => {
    const patterns = loki.flatMap(({ expr }) =>
      [...expr.matchAll(/event_name=~"([^"]+)"/g)].map(([, pattern]) => pattern ?? ''),
    )
    const names = Object.keys(events) as EventName[]
    for (const pattern of patterns) {
      for (const one of pattern.split(/\|(?![^(]*\))/)) {
        expect(
          names.some(name => new RegExp(`^(?:${one})$`).test(name)),
          one,
        ).toBe(true)
      }
    }
    const [wide] = patterns.filter(pattern => pattern.endsWith('.+'))
    expect(names.filter(name => !new RegExp(`^(?:${wide})$`).test(name))).toEqual([])
  })
})

test('alerts lead to dashboards that are there, and to panels of theirs', () => {
  const wrong = alertRules.filter(({ annotations }) => {
    const uid = /^\/d\/([a-z-]+)/.exec(annotations.dashboard_url)?.[1]
    return !Object.values(dashboards).some(one => one.uid === uid)
  })
  expect(wrong.map(({ alert }) => alert)).toEqual([])
  const file = new URL('../../provisioning/grafana/alerting/license.yaml', import.meta.url)
  const copies = [
    ...readFileSync(file, 'utf8').matchAll(
      /__dashboardUid__: "?([a-z-]+)"?\s+__panelId__: "?(\d+)"?/g,
    ),
  ]
  expect(copies.length).toBe(alertRules.length)
  for (const [, uid, id] of copies) {
    const dashboard = Object.values(dashboards).find(one => one.uid === uid)
    expect(
      dashboard?.panels?.map(panel => panel.id),
      `${uid} ${id}`,
    ).toContain(Number(id))
  }
})
