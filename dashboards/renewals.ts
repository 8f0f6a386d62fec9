import { dashboard, link, uids } from './dashboard.ts'
import {
  expiring,
  feature,
  peak,
  pool,
  poolExpiry,
  poolLeft,
  poolSeats,
  seatsLeft,
  seatsNow,
} from './expressions.ts'
import { columns, stat, timeseries } from './panels.ts'
import { count, least, now } from './query.ts'
import { table } from './table.ts'
import * as word from './words.ts'

const rows = { server: 'Server', vendor: 'Vendor', feature: 'Feature' }
const toFeature = link('Feature', 'feature', {
  server: '__data.fields.Server',
  vendor: '__data.fields.Vendor',
  feature: '__data.fields.Feature',
})

const yearAndMonth = `count_values by (${pool}) ("month", year(${poolExpiry}) * 100 + on (${pool}) month(${poolExpiry}))`
/** 2026-11: Grafana would write 202611 as a number, "203 K". */
const month = `label_replace(${yearAndMonth}, "month", "$1-$2", "month", "(....)(..)")`
const notEnded = `${poolSeats} and on (${pool}) (${poolLeft} >= 0)`

const soon = (id: number, from: number, to: number, color: string) =>
  stat({
    id,
    title: from === 0 ? `End within ${to} days` : `End in ${from}–${to} days`,
    description: 'Lines of capacity, covered by a renewal or not.',
    unit: 'none',
    width: 4,
    queries: [{ expr: count(expiring(from, to)) }],
    thresholds: word.steps('green', [1, color]),
  })

export const renewals = dashboard({
  uid: uids.renewals,
  title: 'Licenses / Renewals',
  description: 'What expires when, what is covered, which renewal is not loaded yet.',
  from: 'now-30d',
  refresh: '15m',
  rows: [
    {
      id: 1,
      title: 'What ends',
      panels: [
        stat({
          id: 10,
          title: 'Lines with a date',
          description:
            'Lines of capacity that end some day. 0 means that nothing is known, not that all is well.',
          unit: 'none',
          width: 4,
          queries: [{ expr: count(poolExpiry) }],
          thresholds: word.steps('red', [1, 'text']),
        }),
        stat({
          id: 11,
          title: 'Ended',
          description: 'Lines of capacity that are over and still there.',
          unit: 'none',
          width: 4,
          queries: [{ expr: count(`${poolLeft} < 0`) }],
          thresholds: word.anyIsDubious,
        }),
        soon(12, 0, 7, 'red'),
        soon(13, 7, 30, 'orange'),
        soon(14, 30, 60, 'yellow'),
        stat({
          id: 15,
          title: 'Own license ends',
          description: 'The own license of the exporter.',
          unit: 'dateTimeAsIso',
          width: 4,
          queries: [{ expr: `${least('iosetu_license_expiry_timestamp_seconds')} * 1000` }],
          noValue: 'not watched',
          links: [link('Own license', 'own', {})],
        }),
        table({
          id: 20,
          title: 'Calendar',
          description: 'Every line of capacity with a date, the next end first.',
          width: 24,
          height: 10,
          by: { ...rows, pool: 'Pool' },
          hidden: ['manager'],
          columns: [
            { title: 'Ends', expr: `${poolExpiry} * 1000`, unit: 'dateTimeAsIso' },
            { title: 'Time left', expr: poolLeft, unit: 's', thresholds: word.poolLeft },
            { title: 'Seats', expr: `${poolSeats} and on (${pool}) (${poolExpiry})`, unit: 'none' },
            {
              title: 'In use',
              expr: `${now('license_pool_seats_used')} and on (${pool}) (${poolExpiry})`,
              unit: 'none',
            },
          ],
          leads: { feature: toFeature },
          sort: { by: 'Ends' },
        }),
      ],
    },
    {
      id: 2,
      title: 'What it means',
      panels: [
        columns({
          id: 30,
          title: 'Seats that vanish in each month',
          description:
            'If nothing is renewed: seats of the lines whose last day lies in that month (year and month, UTC).',
          unit: 'short',
          width: 12,
          height: 9,
          x: 'month',
          queries: [
            {
              expr: `sort_desc(sum by (month) ((${notEnded}) * on (${pool}) group_left (month) ${month}))`,
              legend: 'Seats',
            },
          ],
          transformations: [
            {
              id: 'organize',
              options: {
                excludeByName: { Time: true },
                indexByName: {},
                renameByName: { Value: 'Seats' },
              },
            },
            { id: 'sortBy', options: { fields: {}, sort: [{ field: 'month' }] } },
          ],
        }),
        table({
          id: 31,
          title: 'Seats left in 30, 60 and 90 days',
          description:
            'If nothing is renewed, beside the peak of the time range: below it users are refused.',
          width: 12,
          height: 9,
          by: rows,
          hidden: ['manager'],
          columns: [
            { title: 'Seats', expr: seatsNow, unit: 'none' },
            {
              title: 'In 30 d',
              expr: seatsLeft(30),
              unit: 'none',
              thresholds: word.steps('red', [1, 'text']),
            },
            {
              title: 'In 60 d',
              expr: seatsLeft(60),
              unit: 'none',
              thresholds: word.steps('red', [1, 'text']),
            },
            {
              title: 'In 90 d',
              expr: seatsLeft(90),
              unit: 'none',
              thresholds: word.steps('red', [1, 'text']),
            },
            { title: 'Peak', expr: peak, unit: 'none' },
          ],
          leads: { feature: toFeature },
          sort: { by: 'In 30 d' },
        }),
        timeseries({
          id: 32,
          title: 'Seats in 90 days against the peak',
          description: 'Seats that stay if nothing is renewed, and what was in use.',
          unit: 'short',
          stepped: true,
          width: 24,
          queries: [
            { expr: seatsLeft(90), legend: '{{server}} · {{feature}} left' },
            { expr: now('license_feature_seats_used'), legend: '{{server}} · {{feature}} used' },
          ],
        }),
      ],
    },
    {
      id: 3,
      title: 'License files beside the servers',
      panels: [
        table({
          id: 40,
          title: 'Files and what is served',
          description:
            'Seats in the license files against those that the license server issues: they differ while a new file is not loaded.',
          width: 14,
          height: 9,
          by: rows,
          hidden: ['manager'],
          columns: [
            { title: 'In the files', expr: now('license_feature_seats_installed'), unit: 'none' },
            {
              title: 'Issued',
              expr: `${now('license_feature_seats_issued')} and on (${feature}) ${now('license_feature_seats_installed')}`,
              unit: 'none',
            },
            {
              title: 'Not loaded',
              expr: `${now('license_feature_seats_installed')} - on (${feature}) ${now('license_feature_seats_issued')}`,
              unit: 'none',
              thresholds: word.steps('orange', [0, 'text'], [1, 'orange']),
            },
            {
              title: 'Last date in the files',
              expr: `${now('license_feature_installed_expiry_timestamp_seconds')} * 1000`,
              unit: 'dateTimeAsIso',
            },
          ],
          leads: { feature: toFeature },
          sort: { by: 'Not loaded', descending: true },
          noValue: 'license_files is set for no license server',
        }),
        table({
          id: 41,
          title: 'Lines of capacity',
          description: 'Versions, and which lines never end.',
          width: 10,
          height: 9,
          by: {
            server: 'Server',
            feature: 'Feature',
            pool: 'Pool',
            version: 'Version',
            permanent: 'Permanent',
          },
          hidden: ['manager', 'vendor'],
          columns: [
            {
              title: 'Known',
              expr: now('license_pool_info'),
              unit: 'none',
              mappings: word.words({ '1': ['yes', 'text'] }),
            },
          ],
        }),
      ],
    },
  ],
})
