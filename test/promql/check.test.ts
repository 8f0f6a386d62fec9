import { expect, test } from 'vitest'
import { check } from './check.ts'

test.each([
  ['license_server_upp == 0', 'unknown series license_server_upp'],
  ['license_server_up{vendor="x"} == 0', 'license_server_up has no label vendor'],
  ['{server="x"}', 'unknown series'],
  ['sum by (vendor) (license_server_up)', 'vendor is gone'],
  ['rate(license_server_up[5m])', 'Rate over a gauge'],
  ['deriv(license_feature_denials_total[5m])', 'Deriv over a counter'],
  ['license_feature_denials_total > 5', 'a counter is calculated with as it is'],
  ['license_feature_denials_total', 'a counter is shown as it is'],
  ['max(license_feature_denials_total)', 'a counter is shown as it is'],
  ['license_feature_seats_used / license_feature_seats_issued', 'without on'],
  ['license_feature_seats_used / on (feature) license_feature_seats_issued', 'many to many'],
  [
    'max by (server) (license_server_up) * on (server) group_left () license_feature_seats_used',
    'many to many',
  ],
  ['license_server_up and on (pool) license_pool_seats', 'pool is missing on one side'],
  ['license_server_up or license_server_quorum or license_pool_seats', 'or of other labels'],
  ['sum by (server) (license_server_up', 'syntax'],
  ['license_feature_seats_used[5m:1m', 'syntax'],
])('%s: %s', (expression, problem) => {
  expect(check(expression).problems.join('\n')).toContain(problem)
})

test.each([
  'max by (server) (license_server_up) == 0',
  'sum by (server) (rate(license_feature_denials_total[$__rate_interval])) > 0 < 9',
  'license_server_up unless on (server) license_feature_denials_total',
  'count(license_feature_denials_total) or vector(0)',
  'topk(5, license_feature_seats_used)',
  'license_feature_seats_used * on (server, feature) group_left (product) max by (server, feature, product) (license_feature_info)',
  'time() - license_pool_expiry_timestamp_seconds offset 1d > -2 * 60',
  'quantile_over_time(0.95, license_feature_seats_used[7d:1h])',
])('%s: no problem', expression => {
  expect(check(expression).problems).toEqual([])
})

test('a rule may not select by job or instance, but up', () => {
  const problems = (text: string) => check(text, { bare: true }).problems
  expect(problems('license_server_up{job="x"} == 0')).toHaveLength(1)
  expect(problems('license_server_up{instance="x"} == 0')).toHaveLength(1)
  expect(problems('up{job="x"} == 0')).toEqual([])
})

test('what is written once an hour is read over a range', () => {
  const hourly = { kind: 'gauge', labels: ['server'], every: 3600 } as const
  const series = new Map([
    ['peak', hourly],
    ['mean', { ...hourly, every: 240 }],
  ])
  const problems = (text: string) => check(text, { series }).problems
  const said = ['peak is written every 3600 s: read it over a range']
  expect(problems('peak > 1')).toEqual(said)
  expect(problems('max_over_time(peak[14d:6h])')).toEqual(said)
  expect(problems('max_over_time(peak[14d]) > last_over_time(peak[3h] offset 13d)')).toHaveLength(1)
  expect(problems('last_over_time(peak[3h] offset 13d)')).toEqual([])
  expect(problems('mean')).toEqual([])
})
