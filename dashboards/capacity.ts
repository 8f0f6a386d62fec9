import { dashboard, link, uids } from './dashboard.ts'
import {
  costOf,
  feature,
  idle,
  issued,
  peak,
  refusedInRange,
  suggested,
  within,
} from './expressions.ts'
import { bars, stat, timeseries } from './panels.ts'
import { sum, top } from './query.ts'
import { hours, record } from './recorded.ts'
import { table } from './table.ts'
import * as word from './words.ts'

const legend = '{{server}} · {{feature}}'
const used = record('feature:license_feature_seats_used:max1h')
const growth = `deriv(${used}[$__range:1h]) * 86400`

export const capacity = dashboard({
  uid: uids.capacity,
  title: 'Licenses / Capacity & cost',
  description:
    'How many seats at the next renewal, what is idle, what idle seats cost, is demand growing.',
  from: 'now-30d',
  refresh: '1h',
  rows: [
    {
      id: 1,
      title: 'How many seats',
      panels: [
        stat({
          id: 10,
          title: 'Cost of idle seats in a year',
          description:
            'Seats above the suggestion times their cost. Only features with seat_cost_per_year in the configuration; each currency for itself.',
          unit: 'locale',
          decimals: 0,
          text: 'value_and_name',
          width: 6,
          height: 5,
          queries: [{ expr: sum(['currency'], costOf(idle)), legend: '{{currency}}' }],
          noValue: 'no cost, or no hour recorded yet',
        }),
        stat({
          id: 11,
          title: 'Cost of all seats in a year',
          description: 'Issued seats times their cost, by currency.',
          unit: 'locale',
          decimals: 0,
          text: 'value_and_name',
          width: 6,
          height: 5,
          queries: [{ expr: sum(['currency'], costOf(issued)), legend: '{{currency}}' }],
          noValue: 'no seat_cost_per_year',
        }),
        stat({
          id: 12,
          title: 'Idle seats',
          description: 'Seats above what served 95 % of the hours and the headroom.',
          unit: 'none',
          width: 6,
          height: 5,
          queries: [{ expr: sum([], idle) }],
          noValue: 'no hour recorded yet',
        }),
        stat({
          id: 13,
          title: 'Refused requests',
          description: 'In the time range: demand that was not met.',
          unit: 'none',
          decimals: 0,
          width: 6,
          height: 5,
          queries: [{ expr: sum([], refusedInRange) }],
          noValue: 'no log is read',
          thresholds: word.anyIsDubious,
        }),
        table({
          id: 20,
          title: 'Right-sizing',
          description:
            'From the peaks of each hour. Suggested: seats that served 95 % of the hours, and the headroom chosen above.',
          width: 24,
          height: 12,
          by: { server: 'Server', vendor: 'Vendor', feature: 'Feature' },
          hidden: ['manager'],
          columns: [
            { title: 'Issued', expr: issued, unit: 'none' },
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
              title: 'Refused',
              expr: refusedInRange,
              unit: 'none',
              decimals: 0,
              thresholds: word.anyIsDubious,
            },
            { title: 'Suggested', expr: suggested, unit: 'none' },
            { title: 'Idle', expr: idle, unit: 'none' },
            {
              title: 'Idle cost in a year',
              expr: sum(feature.split(', '), costOf(idle)),
              unit: 'none',
              decimals: 0,
            },
          ],
          leads: {
            feature: link('Feature', 'feature', {
              server: '__data.fields.Server',
              vendor: '__data.fields.Vendor',
              feature: '__data.fields.Feature',
            }),
          },
          sort: { by: 'Idle', descending: true },
        }),
      ],
    },
    {
      id: 2,
      title: 'Where it goes',
      panels: [
        timeseries({
          id: 30,
          title: 'Peak of each hour against issued',
          description: 'Dashed: seats issued.',
          unit: 'short',
          width: 16,
          height: 10,
          queries: [
            { expr: used, legend: `${legend} peak`, step: '1h' },
            { expr: issued, legend: `${legend} issued`, step: '1h' },
          ],
          overrides: [
            {
              matcher: { id: 'byFrameRefID', options: 'B' },
              properties: [
                { id: 'custom.fillOpacity', value: 0 },
                { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } },
              ],
            },
          ],
        }),
        bars({
          id: 31,
          title: 'Refused in the time range',
          description: 'Demand that was not met, by feature.',
          unit: 'short',
          decimals: 0,
          min: 0,
          width: 8,
          height: 10,
          queries: [{ expr: top(15, refusedInRange), legend }],
          thresholds: word.anyIsDubious,
          noValue: 'no log is read',
        }),
        table({
          id: 32,
          title: 'Is demand growing',
          description:
            'Seats more in each day, as a line through the peaks of each hour; a range of weeks tells something, a day does not.',
          width: 12,
          height: 9,
          by: { server: 'Server', vendor: 'Vendor', feature: 'Feature' },
          hidden: ['manager', 'vendor'],
          columns: [
            {
              title: 'Seats more in a day',
              expr: growth,
              unit: 'none',
              decimals: 2,
            },
            {
              title: 'Free at the peak',
              expr: `${issued} - on (${feature}) ${peak}`,
              unit: 'none',
              thresholds: word.steps('orange', [1, 'text']),
            },
          ],
          sort: { by: 'Seats more in a day', descending: true },
        }),
        timeseries({
          id: 33,
          title: 'Mean use of the seats by vendor',
          description: 'Share of all issued seats of a vendor that was in use.',
          unit: 'percentunit',
          max: 1,
          width: 12,
          height: 9,
          queries: [
            {
              expr: `sum by (vendor) (${record('feature:license_feature_seats_used:avg1h')}) / on (vendor) (sum by (vendor) (${issued}) > 0)`,
              legend: '{{vendor}}',
              step: '1h',
            },
          ],
        }),
      ],
    },
  ],
})
