import { dashboard, link, uids } from './dashboard.ts'
import { expiring, full, held, poolLeft, share } from './expressions.ts'
import { limits } from './limits.ts'
import { alerts, bars, stat, timeline, timeseries } from './panels.ts'
import { bottom, count, grown, least, now, scrapeSeries, sum, top } from './query.ts'
import { record } from './recorded.ts'
import { table } from './table.ts'
import * as word from './words.ts'

const toServer = link('License server', 'server', { server: '__data.fields.Server' })
const toFeature = link('Feature', 'feature', {
  server: '__data.fields.Server',
  feature: '__data.fields.Feature',
})
const up = `max by (instance) (${scrapeSeries('up')})`

export const overview = dashboard({
  uid: uids.overview,
  title: 'Licenses / Overview',
  description: 'Is anything down or about to stop users, and since when?',
  from: 'now-24h',
  refresh: '1m',
  rows: [
    {
      id: 1,
      title: 'Now',
      panels: [
        stat({
          id: 10,
          title: 'Exporters up',
          description:
            'Exporters that Prometheus reaches. While none answers, every other number here is old or missing, not good.',
          unit: 'none',
          width: 4,
          queries: [{ expr: `sum(${up}) or vector(0)` }],
          mappings: word.words({ '0': ['None', 'red'] }),
          thresholds: word.steps('red', [1, 'green']),
        }),
        stat({
          id: 11,
          title: 'Exporters silent',
          description: 'Exporters that Prometheus knows and cannot reach.',
          unit: 'none',
          width: 4,
          queries: [{ expr: count(`${up} == 0`) }],
          thresholds: word.anyIsBad,
        }),
        stat({
          id: 12,
          title: 'Servers down',
          description: 'They answered that they are down, or refused the connection.',
          unit: 'none',
          width: 4,
          queries: [{ expr: count(`${now('license_server_up')} == 0`) }],
          thresholds: word.anyIsBad,
          links: [link('License servers', 'server', {})],
        }),
        stat({
          id: 13,
          title: 'Servers not read',
          description:
            'The last reading failed: the license server may well be up. The table below tells why.',
          unit: 'none',
          width: 4,
          queries: [{ expr: count(`${now('license_exporter_collect_success')} == 0`) }],
          thresholds: word.anyIsDubious,
          links: [link('Exporter', 'exporter', {})],
        }),
        stat({
          id: 14,
          title: 'Daemons down',
          description: 'Vendor daemons of license servers that are up themselves.',
          unit: 'none',
          width: 4,
          queries: [{ expr: count(`${now('license_server_vendor_daemon_up')} == 0`) }],
          thresholds: word.anyIsBad,
        }),
        stat({
          id: 15,
          title: 'Features full',
          description: 'Nobody gets another seat of them. Features of one seat do not count.',
          unit: 'none',
          width: 4,
          queries: [{ expr: sum([], full) }],
          noValue: 'no seats read',
          thresholds: word.anyIsDubious,
        }),
        stat({
          id: 16,
          title: 'Waiting requests',
          description: 'Requests in the queues of the license servers.',
          unit: 'none',
          width: 4,
          queries: [{ expr: `${sum([], now('license_feature_queued_requests'))} or vector(0)` }],
          thresholds: word.anyIsDubious,
        }),
        stat({
          id: 17,
          title: 'Refused, last hour',
          description:
            'Requests that the license servers refused, from their logs; recorded every four minutes.',
          unit: 'none',
          decimals: 0,
          width: 4,
          queries: [{ expr: sum([], record('feature:license_feature_denials:increase1h')) }],
          noValue: 'no log is read',
          thresholds: word.anyIsDubious,
        }),
        stat({
          id: 18,
          title: 'Own license',
          description: 'State of the own license: valid, grace, over or unlicensed.',
          unit: 'none',
          text: 'name',
          width: 4,
          queries: [
            { expr: `${now('iosetu_license_state', { by: ['state'] })} == 1`, legend: '{{state}}' },
          ],
          noValue: 'not watched',
          thresholds: word.steps('orange'),
          overrides: [
            {
              matcher: { id: 'byName', options: 'valid' },
              properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: 'green' } }],
            },
          ],
          links: [link('Own license', 'own', {})],
        }),
        stat({
          id: 19,
          title: 'Own license left',
          description: 'Until the own license expires; below 0 it has.',
          unit: 'd',
          decimals: 1,
          width: 4,
          queries: [{ expr: least('iosetu_license_days_remaining') }],
          noValue: 'not watched',
          thresholds: word.ownDays,
          links: [link('Own license', 'own', {})],
        }),
        stat({
          id: 20,
          title: 'Next expiry in',
          description: 'The soonest end of a line of capacity among those that have not ended.',
          unit: 's',
          decimals: 1,
          width: 4,
          queries: [{ expr: `min(${poolLeft} > 0)` }],
          noValue: 'no dates read',
          thresholds: word.poolLeft,
          links: [link('Renewals', 'renewals', {})],
        }),
        stat({
          id: 21,
          title: 'Longest-held seat',
          description: 'Since when the oldest checkout is out.',
          unit: 's',
          decimals: 1,
          width: 4,
          queries: [{ expr: `max(${held})` }],
          noValue: 'no checkouts read',
          thresholds: word.steps('green', [limits.heldSeconds, 'orange']),
        }),
      ],
    },
    {
      id: 2,
      title: 'What is wrong',
      panels: [
        alerts({
          id: 30,
          title: 'Alerts',
          description:
            'Firing and pending license alerts, critical and warning, with their runbooks.',
          width: 8,
          height: 9,
        }),
        table({
          id: 31,
          title: 'License servers that are not up',
          description: 'Why: what the license server said, or what failed while asking it.',
          width: 8,
          height: 9,
          by: { server: 'Server', manager: 'Manager', reason: 'Reason' },
          columns: [
            {
              title: 'State',
              expr: now('license_server_problem'),
              unit: 'none',
              mappings: word.words({ '1': ['Not up', 'red'] }),
            },
          ],
          leads: { server: toServer },
          noValue: 'Nothing known',
        }),
        timeline({
          id: 32,
          title: 'License servers',
          description:
            'Up and down over time, thirty of them, those that were down first; a gap is a time in which that was not known.',
          unit: 'none',
          width: 8,
          height: 9,
          queries: [{ expr: bottom(30, now('license_server_up')), legend: '{{server}}' }],
          mappings: word.upDown,
          links: [link('License server', 'server', { server: '__field.labels.server' })],
        }),
      ],
    },
    {
      id: 3,
      title: 'Seats',
      panels: [
        bars({
          id: 40,
          title: 'Fullest features',
          description:
            'Seats that are out against those that can be had: issued without reserved ones.',
          unit: 'percentunit',
          min: 0,
          max: 1,
          width: 8,
          height: 9,
          queries: [{ expr: top(10, share), legend: '{{server}} · {{feature}}' }],
          thresholds: word.shareUsed,
          links: [
            link('Feature', 'feature', {
              server: '__field.labels.server',
              feature: '__field.labels.feature',
            }),
          ],
        }),
        timeseries({
          id: 41,
          title: 'Refused requests in each hour',
          description:
            'The ten features with the most at any time, from the logs of the license servers.',
          unit: 'short',
          decimals: 0,
          bars: true,
          stacked: true,
          width: 8,
          height: 9,
          queries: [
            {
              expr: top(10, record('feature:license_feature_denials:increase1h')),
              legend: '{{server}} · {{feature}}',
              step: '1h',
            },
          ],
          noValue: 'None refused, or no log is read',
        }),
        table({
          id: 42,
          title: 'Lines of capacity that end within 60 days',
          description: 'Those that have ended stand in Renewals.',
          width: 8,
          height: 9,
          by: { server: 'Server', vendor: 'Vendor', feature: 'Feature', pool: 'Pool' },
          hidden: ['manager', 'vendor', 'pool'],
          columns: [
            { title: 'Ends in', expr: expiring(0, 60), unit: 's', thresholds: word.poolLeft },
          ],
          leads: { server: toServer, feature: toFeature },
          sort: { by: 'Ends in' },
        }),
        timeseries({
          id: 43,
          title: 'Refused by license servers that do not tell the feature',
          description:
            'Their own totals (RLM by ISV, sesinetd by its queue); never added to the refusals by feature.',
          unit: 'short',
          decimals: 0,
          bars: true,
          width: 24,
          height: 7,
          queries: [
            {
              expr: grown('license_server_denials_total', '$__interval'),
              legend: '{{server}} · {{vendor}}',
              step: '5m',
            },
          ],
        }),
      ],
    },
  ],
})
