import type { Row } from './dashboard.ts'
import { refused, refusedByReason } from './expressions.ts'
import { limits } from './limits.ts'
import { panel } from './panel.ts'
import { timeseries } from './panels.ts'
import { now, sum } from './query.ts'
import { record } from './recorded.ts'
import { week } from './table.ts'
import * as word from './words.ts'

const usedPerHour = 'feature:license_feature_seats_used:max1h'
const heat = (first: number, second: number) =>
  word.steps('transparent', [first, 'semi-dark-yellow'], [second, 'semi-dark-red'])

export const hoursOfWeek: readonly Row[] = [
  {
    id: 2,
    title: 'When is it short',
    panels: [
      week({
        id: 20,
        title: 'Refused requests by hour and weekday',
        description: 'Added up over the time range. Empty: nothing is known of that hour.',
        unit: 'none',
        decimals: 0,
        width: 12,
        height: 25,
        expr: `sum(${refused('1h')})`,
        fold: 'sum',
        thresholds: heat(1, 5),
      }),
      week({
        id: 21,
        title: 'Highest use by hour and weekday',
        description: 'Highest share of the seats that was out, of the fullest chosen feature.',
        unit: 'percentunit',
        decimals: 0,
        width: 12,
        height: 25,
        expr: `max(${record(usedPerHour)} / on (server, manager, vendor, feature) (${now('license_feature_seats_issued')} > 0))`,
        fold: 'max',
        thresholds: heat(limits.utilisation.warning, limits.utilisation.critical),
      }),
      panel('trend', {
        id: 22,
        title: 'Hours at or above N seats',
        description:
          'The hours of the time range, fullest first. Read at N seats how many hours needed at least so many; where the curve falls steeply a seat less hurts nobody.',
        unit: 'short',
        decimals: 0,
        min: 0,
        width: 16,
        height: 10,
        maxDataPoints: 11_000,
        color: { mode: 'palette-classic' },
        queries: [
          { expr: sum([], record(usedPerHour)), legend: 'Seats in use', step: '1h' },
          {
            expr: sum([], now('license_feature_seats_issued')),
            legend: 'Seats issued',
            step: '1h',
          },
        ],
        transformations: [
          { id: 'joinByField', options: { byField: 'Time', mode: 'outer' } },
          {
            id: 'sortBy',
            options: { fields: {}, sort: [{ field: 'Seats in use', desc: true }] },
          },
          {
            id: 'calculateField',
            options: {
              mode: 'index',
              index: { asPercentile: false },
              alias: 'Hours',
              replaceFields: false,
            },
          },
          {
            id: 'organize',
            options: {
              excludeByName: { Time: true },
              indexByName: { Hours: 0 },
              renameByName: {},
            },
          },
        ],
        custom: {
          drawStyle: 'line',
          fillOpacity: 15,
          lineInterpolation: 'stepAfter',
          lineWidth: 2,
          showPoints: 'never',
        },
        options: {
          xField: 'Hours',
          legend: { calcs: [], displayMode: 'list', placement: 'bottom', showLegend: true },
          tooltip: { mode: 'multi', sort: 'none' },
        },
      }),
      timeseries({
        id: 23,
        title: 'Refused requests by reason',
        description:
          'no_seats: none was free. limit and excluded: the options file. version, expired: the license.',
        unit: 'short',
        decimals: 0,
        bars: true,
        stacked: true,
        width: 8,
        height: 10,
        queries: [
          { expr: refusedByReason('$__interval'), legend: '{{feature}} {{reason}}', step: '5m' },
        ],
        noValue: 'no log is read',
      }),
    ],
  },
]
