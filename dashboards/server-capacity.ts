import { link, type Row } from './dashboard.ts'
import { poolExpiry } from './expressions.ts'
import { timeseries } from './panels.ts'
import { grown, now } from './query.ts'
import { record } from './recorded.ts'
import { table } from './table.ts'
import * as word from './words.ts'

const toFeature = link('Feature', 'feature', {
  server: '__data.fields.Server',
  vendor: '__data.fields.Vendor',
  feature: '__data.fields.Feature',
})
const featureRows = { server: 'Server', vendor: 'Vendor', feature: 'Feature' }

export const capacityRows: readonly Row[] = [
  {
    id: 3,
    title: 'Capacity',
    panels: [
      table({
        id: 30,
        title: 'Lines of capacity',
        description:
          'What each license line gives and how much of it is in use, where that is told.',
        width: 14,
        height: 9,
        by: { ...featureRows, pool: 'Pool' },
        hidden: ['manager'],
        columns: [
          { title: 'Seats', expr: now('license_pool_seats'), unit: 'none' },
          { title: 'Used', expr: now('license_pool_seats_used'), unit: 'none' },
          { title: 'Ends', expr: `${poolExpiry} * 1000`, unit: 'dateTimeAsIso' },
        ],
        leads: { feature: toFeature },
        sort: { by: 'Ends' },
      }),
      timeseries({
        id: 31,
        title: 'Refused without a feature',
        description: 'RLM by ISV, sesinetd by its queue; never added to the refusals by feature.',
        unit: 'short',
        decimals: 0,
        bars: true,
        width: 10,
        height: 9,
        queries: [
          {
            expr: grown('license_server_denials_total', '$__interval'),
            legend: '{{server}} · {{vendor}}',
            step: '5m',
          },
        ],
      }),
      timeseries({
        id: 32,
        title: 'Peak by product group',
        description: "Since the previous line of sesinetd's usage log.",
        unit: 'short',
        stepped: true,
        width: 8,
        queries: [
          { expr: now('license_server_peak_seats'), legend: '{{server}} · {{product_group}}' },
        ],
        noValue: 'No sesinetd log is read',
      }),
      timeseries({
        id: 33,
        title: 'Restarts of vendor daemons',
        description: 'As the license server counts them (RLM).',
        unit: 'short',
        decimals: 0,
        bars: true,
        width: 8,
        queries: [
          {
            expr: grown('license_server_vendor_daemon_restarts_total', '$__interval'),
            legend: '{{server}} · {{vendor}}',
            step: '5m',
          },
        ],
      }),
      timeseries({
        id: 34,
        title: 'Age of the reading',
        description: 'Seconds since the license server was last read with success.',
        unit: 's',
        width: 8,
        queries: [
          {
            expr: `time() - ${now('license_exporter_collect_timestamp_seconds')}`,
            legend: '{{server}}',
          },
        ],
      }),
      table({
        id: 35,
        title: 'Versions of license servers',
        description: 'Of the master in a triad.',
        width: 12,
        height: 6,
        by: { server: 'Server', manager: 'Manager', version: 'Version' },
        columns: [
          {
            title: 'Told',
            expr: now('license_server_info'),
            unit: 'none',
            mappings: word.words({ '1': ['yes', 'text'] }),
          },
        ],
      }),
      table({
        id: 36,
        title: 'Versions of vendor daemons',
        description: 'As the license server tells them.',
        width: 12,
        height: 6,
        by: { server: 'Server', manager: 'Manager', vendor: 'Vendor', version: 'Version' },
        columns: [
          {
            title: 'Told',
            expr: now('license_server_vendor_daemon_info'),
            unit: 'none',
            mappings: word.words({ '1': ['yes', 'text'] }),
          },
        ],
      }),
      timeseries({
        id: 37,
        title: 'Share of each hour up',
        description: 'Recorded: what is asked over weeks.',
        unit: 'percentunit',
        max: 1,
        width: 24,
        height: 6,
        queries: [
          {
            expr: record('server:license_server_up:avg1h'),
            legend: '{{server}}',
          },
        ],
      }),
    ],
  },
]
