import { describe, expect, test } from 'vitest'
import {
  dashboardUrl,
  dashboards,
  fromSegment,
  keep,
  paths,
  toSegment,
} from '../../src/shared/links.ts'
import { arrival } from '../../src/App/arrival.ts'
import { panelLink } from '../../src/extensions/panelLink.ts'

const names = [
  'cad',
  'a/b',
  'x y',
  '50%',
  '~2F',
  '~',
  'ü',
  '..',
  '.',
  'a"b\\c',
  '<script>',
  'שלום',
  'n'.repeat(200),
  '%2F',
  '$x',
  '#?&',
]

test.each(names)('the name %s comes back out of an address', name => {
  const segment = toSegment(name)
  expect(segment).toMatch(/^[A-Za-z0-9_.!~*'()-]+$/)
  expect(fromSegment(segment)).toBe(name)
  // A browser and two routers on the way: neither changes it.
  const url = new URL(`/a/x/server/${segment}`, 'http://grafana')
  expect(fromSegment(decodeURIComponent(url.pathname.split('/').pop()!))).toBe(name)
})

test('time and data source are kept, all else is not', () => {
  expect(keep('?from=now-1h&to=now&var-datasource=p&var-x=1&refresh=5s')).toBe(
    '?from=now-1h&to=now&var-datasource=p'
  )
  expect(keep('')).toBe('')
})

test('a dashboard gets the data source under its own name', () => {
  const url = dashboardUrl(dashboards.server, { server: 'a&b' }, '?from=now-1h&var-datasource=p')
  expect(url).toBe(
    '/d/iosetu-license-server-app?from=now-1h&var-prometheus_datasource=p&var-server=a%26b'
  )
})

describe('who comes from a dashboard', () => {
  const from = '?from=now-1h&to=now&var-prometheus_datasource=p&var-job=$__all'

  test.each([
    ['&var-server=cad', paths.server('cad')],
    ['&var-server=cad&var-vendor=drafty&var-feature=$__all', paths.server('cad')],
    [
      '&var-server=cad&var-vendor=drafty&var-feature=a%2Fb',
      paths.feature({ server: 'cad', vendor: 'drafty', feature: 'a/b' }),
    ],
    ['&var-server=$__all', paths.servers],
    ['&var-server=All', paths.servers],
    ['&var-server=cad&var-server=render', paths.servers],
    ['', paths.servers],
  ])('%s', (search, page) => {
    expect(arrival(paths.servers, from + search)).toBe(
      `${page}?from=now-1h&to=now&var-datasource=p`
    )
  })

  test('stays on the page of the link, with the time and the data source', () => {
    expect(arrival(paths.renewals, `${from}&var-server=cad`)).toBe(
      `${paths.renewals}?from=now-1h&to=now&var-datasource=p`
    )
  })

  test('is not taken for somebody who comes from a page of the app', () => {
    expect(arrival(paths.servers, '?from=now-1h&var-datasource=p&var-server=cad')).toBeUndefined()
  })
})

describe('the link in the menu of a panel', () => {
  const panel = (expr: string, labels: Array<Record<string, string>> = []) =>
    ({
      targets: [{ refId: 'A', expr }],
      data: { series: labels.map(one => ({ fields: [{ labels: one }] })) },
    }) as never

  test('is not there on panels of something else', () => {
    expect(panelLink(panel('rate(http_requests_total[5m])'), '')).toBeUndefined()
    expect(panelLink(undefined, '')).toBeUndefined()
  })

  test('leads to the feature that all series are of', () => {
    const one = { server: 'cad', vendor: 'drafty', feature: 'pro' }
    expect(panelLink(panel('license_feature_seats_used', [one, one]), '?from=now-1h')).toEqual({
      path: `${paths.feature(one)}?from=now-1h`,
    })
  })

  test('leads to the server where features differ, or the dashboard chose it', () => {
    const two = [
      { server: 'cad', feature: 'a' },
      { server: 'cad', feature: 'b' },
    ]
    expect(panelLink(panel('license_feature_seats_used', two), '')).toEqual({
      path: paths.server('cad'),
    })
    expect(panelLink(panel('license_server_up'), '?var-server=cad')).toEqual({
      path: paths.server('cad'),
    })
    expect(panelLink(panel('license_server_up'), '?var-server=$__all')).toEqual({
      path: paths.overview,
    })
  })

  test('leads to the own license', () => {
    expect(panelLink(panel('iosetu_license_days_remaining'), '')).toEqual({ path: paths.license })
  })
})
