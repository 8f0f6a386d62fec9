import { dashboard, link, uids } from './dashboard.ts'
import { inside } from './exporter-inside.ts'
import { age, course, growth } from './over-time.ts'
import { stat, timeline, timeseries } from './panels.ts'
import { now, rate, scrapeSeries } from './query.ts'
import { table } from './table.ts'
import * as word from './words.ts'

const each = { by: ['instance'] } as const
const instance = '{{instance}}'
const perServer = { by: ['server'] } as const

export const exporter = dashboard({
  uid: uids.exporter,
  title: 'Licenses / License exporter',
  description:
    'Is the data fresh, is the text still understood, are events delivered, how is the process.',
  from: 'now-6h',
  refresh: '1m',
  rows: [
    {
      id: 1,
      title: 'Alive',
      panels: [
        timeline({
          id: 10,
          title: 'Scraped',
          description: 'Whether Prometheus reached the exporter.',
          unit: 'none',
          width: 8,
          queries: [{ expr: `max by (instance) (${scrapeSeries('up')})`, legend: instance }],
          mappings: word.upDown,
        }),
        timeline({
          id: 11,
          title: 'License servers read',
          description: 'Whether the last reading of each succeeded.',
          unit: 'none',
          width: 8,
          queries: [
            { expr: now('license_exporter_collect_success', perServer), legend: '{{server}}' },
          ],
          mappings: word.readOrNot,
          links: [link('License server', 'server', { server: '__field.labels.server' })],
        }),
        table({
          id: 12,
          title: 'Build',
          description: 'demo: its license servers are invented.',
          width: 8,
          by: { instance: 'Instance', version: 'Version', node_version: 'Node.js', mode: 'Mode' },
          columns: [
            {
              title: 'Up since',
              expr: `(${now('process_start_time_seconds', each)} * 1000) * on (instance) group_right () ${now('license_exporter_build_info', { by: ['instance', 'version', 'node_version', 'mode'] })}`,
              unit: 'dateTimeAsIso',
            },
          ],
        }),
        stat({
          id: 13,
          title: 'Configuration',
          description:
            'Whether the last reading of the configuration was taken; if not, the last good one stays.',
          unit: 'none',
          width: 4,
          queries: [
            { expr: now('license_exporter_config_last_reload_successful', each), legend: instance },
          ],
          mappings: word.goodBad,
        }),
        stat({
          id: 14,
          title: 'Configuration taken',
          description: 'When a configuration was last taken.',
          unit: 'dateTimeAsIso',
          width: 8,
          queries: [
            {
              expr: `${now('license_exporter_config_last_reload_success_timestamp_seconds', each)} * 1000`,
              legend: instance,
            },
          ],
        }),
        stat({
          id: 15,
          title: 'License series',
          description: 'License series now exposed.',
          unit: 'short',
          width: 6,
          queries: [{ expr: now('license_exporter_series', each), legend: instance }],
        }),
        stat({
          id: 16,
          title: 'Checkouts left out',
          description: 'By the cap of [checkouts] max; only with series = true.',
          unit: 'none',
          width: 6,
          queries: [{ expr: `sum(${now('license_exporter_checkouts_truncated')})` }],
          thresholds: word.anyIsDubious,
          noValue: 'off',
        }),
      ],
    },
    {
      id: 2,
      title: 'Reading',
      panels: [
        age('license_exporter_collect_timestamp_seconds', ['server'], {
          id: 20,
          title: 'Age of the reading',
          description: 'Since the license server was last read with success.',
          unit: 's',
        }),
        course('license_exporter_collect_duration_seconds', ['server'], {
          id: 21,
          title: 'Duration of a reading',
          description: 'How long the tool, file or page took.',
          unit: 's',
        }),
        course('license_exporter_poll_delay_seconds', ['server'], {
          id: 22,
          title: 'Readings begin late',
          description: 'Waiting for one of max_tools places, or for a busy machine.',
          unit: 's',
        }),
        growth('license_exporter_collect_errors_total', ['server', 'reason'], {
          id: 23,
          title: 'Failed readings by reason',
          description: 'docs/troubleshooting.md tells what each reason means.',
          unit: 'short',
          stacked: true,
          noValue: 'None failed',
        }),
        growth('license_exporter_unparsed_lines_total', ['server', 'section'], {
          id: 24,
          title: 'Lines that were not understood',
          description:
            'The vendor may have changed its text. `license-exporter parse` shows the lines.',
          unit: 'short',
          stacked: true,
        }),
        course('license_exporter_unreconciled_features', ['server'], {
          id: 25,
          title: 'Features that do not add up',
          description: 'Checkouts and reservations against what the heading says is in use.',
          unit: 'short',
          decimals: 0,
          stepped: true,
        }),
      ],
    },
    {
      id: 3,
      title: 'Vendor logs',
      panels: [
        timeseries({
          id: 30,
          title: 'Lines read',
          description: 'By license server whose logs are set.',
          unit: 'short',
          width: 8,
          queries: [
            { expr: rate('license_exporter_log_lines_total', perServer), legend: '{{server}}' },
          ],
        }),
        course('license_exporter_log_lag_bytes', ['server'], {
          id: 31,
          title: 'Not read yet',
          description: 'Bytes that the reader of the logs is behind.',
          unit: 'bytes',
        }),
        age('license_exporter_log_last_line_timestamp_seconds', ['server'], {
          id: 32,
          title: 'Since the last line',
          description: 'A log that nobody writes any more counts no refusals.',
          unit: 's',
        }),
      ],
    },
    ...inside,
  ],
})
