import { dashboard, uids } from './dashboard.ts'
import { full, held, obtainable, peak, refused, taken, within } from './expressions.ts'
import { hoursOfWeek } from './feature-hours.ts'
import { limits } from './limits.ts'
import { bars, stat, timeseries } from './panels.ts'
import { grown, now, sum, top } from './query.ts'
import { hours } from './recorded.ts'
import { table } from './table.ts'
import * as word from './words.ts'

const legend = '{{server}} · {{feature}}'

export const feature = dashboard({
  uid: uids.feature,
  title: 'Licenses / Feature usage',
  description:
    'Which hours are short, are refusals real, who holds seats. Choose one feature: sums over many say little.',
  from: 'now-7d',
  refresh: '5m',
  rows: [
    {
      id: 1,
      title: 'Seats',
      panels: [
        timeseries({
          id: 10,
          title: 'Seats',
          description:
            'Issued, and what is in use of it. Used counts idle reservations in where the license server does.',
          unit: 'short',
          width: 16,
          height: 10,
          queries: [
            { expr: now('license_feature_seats_issued'), legend: `${legend} issued` },
            { expr: now('license_feature_seats_used'), legend: `${legend} used` },
            { expr: now('license_feature_seats_reserved'), legend: `${legend} reserved` },
            { expr: now('license_feature_seats_borrowed'), legend: `${legend} borrowed` },
          ],
          overrides: [
            {
              matcher: { id: 'byFrameRefID', options: 'A' },
              properties: [
                { id: 'custom.fillOpacity', value: 0 },
                { id: 'custom.lineInterpolation', value: 'stepAfter' },
                { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } },
              ],
            },
          ],
        }),
        bars({
          id: 11,
          title: 'Out of what can be had',
          description: 'Seats that are out against those that anybody may take.',
          unit: 'percentunit',
          min: 0,
          max: 1,
          width: 8,
          height: 10,
          queries: [
            {
              expr: top(20, `${taken} / on (server, manager, vendor, feature) (${obtainable} > 0)`),
              legend,
            },
          ],
          thresholds: word.shareUsed,
        }),
        stat({
          id: 13,
          title: 'Full now',
          description: 'Features of the chosen ones of which nobody gets another seat.',
          unit: 'none',
          width: 6,
          queries: [{ expr: sum([], full) }],
          noValue: 'no seats read',
          thresholds: word.anyIsDubious,
        }),
        stat({
          id: 14,
          title: 'Refused, 24 h',
          description: 'Refused requests of the chosen features, from the logs.',
          unit: 'none',
          decimals: 0,
          width: 6,
          queries: [{ expr: `sum(${refused('24h')})` }],
          noValue: 'no log is read',
          thresholds: word.anyIsDubious,
        }),
        stat({
          id: 15,
          title: 'Waiting now',
          description: 'Requests in the queues of the chosen features.',
          unit: 'none',
          width: 6,
          queries: [{ expr: sum([], now('license_feature_queued_requests')) }],
          noValue: 'no queue is told',
          thresholds: word.anyIsDubious,
        }),
        stat({
          id: 16,
          title: 'Users now',
          description: 'Distinct users of each chosen feature, added up.',
          unit: 'none',
          width: 6,
          queries: [{ expr: sum([], now('license_feature_users')) }],
          noValue: 'not told',
        }),
        table({
          id: 12,
          title: 'Peak and percentiles',
          description:
            'Of the peaks of each hour in the time range. 95 %: so many seats would have served 95 of 100 hours.',
          width: 24,
          by: { server: 'Server', vendor: 'Vendor', feature: 'Feature' },
          hidden: ['manager'],
          columns: [
            {
              title: 'Issued',
              expr: now('license_feature_seats_issued'),
              unit: 'none',
            },
            { title: 'Peak', expr: peak, unit: 'none' },
            { title: '99 %', expr: within(0.99), unit: 'none', decimals: 0 },
            { title: '95 %', expr: within(0.95), unit: 'none', decimals: 0 },
            {
              title: 'Mean',
              expr: hours('avg_over_time', 'feature:license_feature_seats_used:avg1h'),
              unit: 'none',
              decimals: 1,
            },
            {
              title: 'Time full',
              expr: hours('avg_over_time', 'feature:license_feature_full:avg1h'),
              unit: 'percentunit',
              decimals: 1,
              thresholds: word.steps('text', [0.05, 'orange']),
            },
          ],
          sort: { by: 'Time full', descending: true },
        }),
      ],
    },
    ...hoursOfWeek,
    {
      id: 3,
      title: 'Who',
      panels: [
        bars({
          id: 30,
          title: 'Oldest checkouts',
          description: 'A seat that is held for days is often forgotten.',
          unit: 's',
          min: 0,
          width: 8,
          height: 9,
          queries: [{ expr: top(15, held), legend }],
          thresholds: word.steps('green', [limits.heldSeconds, 'orange']),
        }),
        timeseries({
          id: 31,
          title: 'Users',
          description: 'Distinct users who hold a seat.',
          unit: 'short',
          width: 8,
          height: 9,
          queries: [{ expr: now('license_feature_users'), legend }],
        }),
        timeseries({
          id: 32,
          title: 'Waiting requests',
          description: 'Requests in queues.',
          unit: 'short',
          decimals: 0,
          stepped: true,
          width: 8,
          height: 9,
          queries: [{ expr: now('license_feature_queued_requests'), legend }],
        }),
        timeseries({
          id: 33,
          title: 'Checkouts and check-ins',
          description: 'Requests, and seats of the checkouts, from the logs or the vendor totals.',
          unit: 'short',
          decimals: 0,
          width: 12,
          height: 9,
          queries: [
            {
              expr: sum(['feature'], grown('license_feature_checkouts_total', '$__interval')),
              legend: '{{feature}} checkouts',
              step: '5m',
            },
            {
              expr: sum(['feature'], grown('license_feature_checkins_total', '$__interval')),
              legend: '{{feature}} check-ins',
              step: '5m',
            },
            {
              expr: sum(['feature'], grown('license_feature_checkout_seats_total', '$__interval')),
              legend: '{{feature}} seats',
              step: '5m',
            },
          ],
        }),
        table({
          id: 34,
          title: 'Who holds seats',
          description:
            'Only with [checkouts] series = true; names as [privacy] says. Without it the app shows checkouts live to those who may see them.',
          width: 12,
          height: 9,
          by: {
            server: 'Server',
            vendor: 'Vendor',
            feature: 'Feature',
            user: 'User',
            host: 'Host',
          },
          hidden: ['manager'],
          columns: [
            { title: 'Seats', expr: now('license_checkout_seats'), unit: 'none' },
            {
              title: 'Held for',
              expr: `time() - ${now('license_checkout_start_timestamp_seconds')}`,
              unit: 's',
              thresholds: word.steps('text', [limits.heldSeconds, 'orange']),
            },
          ],
          sort: { by: 'Held for', descending: true },
          noValue: 'Single checkouts are not exported',
        }),
        table({
          id: 35,
          title: 'What it is called',
          description:
            'Product names from the configuration or the license server, and whether seats are counted.',
          width: 24,
          height: 7,
          by: {
            server: 'Server',
            vendor: 'Vendor',
            feature: 'Feature',
            product: 'Product',
            counting: 'Counting',
          },
          hidden: ['manager'],
          columns: [
            {
              title: 'Known',
              expr: now('license_feature_info'),
              unit: 'none',
              mappings: word.words({ '1': ['yes', 'text'] }),
            },
          ],
        }),
      ],
    },
  ],
})
