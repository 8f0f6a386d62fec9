import type { Row } from './dashboard.ts'
import { age, course, growth, type Look } from './over-time.ts'
import { timeseries } from './panels.ts'
import {
  type Counter,
  type Gauge,
  grown,
  type LabelOf,
  now,
  rate,
  scrapeSeries,
  sum,
} from './query.ts'

const each = { by: ['instance'] } as const
const instance = '{{instance}}'

/** A gauge of the exporter itself, one line for each instance. */
const ofInstance = (metric: Gauge, look: Look) =>
  course(metric, ['instance'], { width: 6, ...look })

/** A count of each exporter by the labels that tell what, added up over the exporters. */
const counts = <M extends Counter>(metric: M, labels: readonly LabelOf<M>[], look: Look) =>
  timeseries({
    width: 8,
    bars: true,
    stacked: true,
    decimals: 0,
    ...look,
    queries: [
      {
        expr: sum(labels, grown(metric, '$__interval', { by: ['instance', ...labels] })),
        legend: labels.map(label => `{{${label}}}`).join(' '),
        step: '5m',
      },
    ],
  })

const perInstance = (metric: Counter, look: Look) => growth(metric, ['instance'], look)

export const inside: readonly Row[] = [
  {
    id: 4,
    title: 'Events and push',
    panels: [
      counts('license_exporter_events_total', ['event'], {
        id: 40,
        title: 'Events',
        description: 'What happened, by the name of the event.',
        unit: 'short',
      }),
      counts('license_exporter_events_dropped_total', ['reason'], {
        id: 41,
        title: 'Events dropped',
        description: 'size, age, disk, queue or corrupt: they are lost.',
        unit: 'short',
      }),
      counts('license_exporter_otlp_export_errors_total', ['reason'], {
        id: 42,
        title: 'Failed exports over OTLP',
        description: 'Events wait in the spool and are sent again.',
        unit: 'short',
      }),
      ofInstance('license_exporter_spool_bytes', {
        id: 43,
        title: 'Spool of unsent events',
        description: 'At [events] spool_max_bytes the oldest are dropped.',
        unit: 'bytes',
        width: 12,
      }),
      age('license_exporter_spool_oldest_timestamp_seconds', ['instance'], {
        id: 44,
        title: 'Age of the oldest unsent event',
        description: 'Nothing while none waits.',
        unit: 's',
        width: 12,
        noValue: 'None waits',
      }),
    ],
  },
  {
    id: 5,
    title: 'HTTP',
    panels: [
      counts('license_exporter_http_requests_total', ['route', 'code'], {
        id: 50,
        title: 'Requests',
        description: 'By route and status.',
        unit: 'short',
      }),
      perInstance('license_exporter_http_auth_failures_total', {
        id: 51,
        title: 'Refused for their key',
        description: 'The event api.authentication_failed tells the address.',
        unit: 'short',
      }),
      perInstance('license_exporter_http_rate_limited_total', {
        id: 52,
        title: 'Refused by the rate limit',
        description: 'The event api.rate_limited tells the address.',
        unit: 'short',
      }),
      timeseries({
        id: 53,
        title: 'Duration of a scrape',
        description: 'As Prometheus measures it.',
        unit: 's',
        width: 12,
        queries: [
          {
            expr: `max by (instance) (${scrapeSeries('scrape_duration_seconds')})`,
            legend: instance,
          },
        ],
      }),
      timeseries({
        id: 54,
        title: 'Series of a scrape',
        description: 'What Prometheus stores of each scrape.',
        unit: 'short',
        width: 12,
        queries: [
          {
            expr: `max by (instance) (${scrapeSeries('scrape_samples_post_metric_relabeling')})`,
            legend: instance,
          },
        ],
      }),
    ],
  },
  {
    id: 6,
    title: 'Process',
    panels: [
      timeseries({
        id: 60,
        title: 'CPU',
        description: 'Of one core: all, user, system.',
        unit: 'percentunit',
        width: 6,
        queries: [
          { expr: rate('process_cpu_seconds_total', each), legend: `${instance} all` },
          { expr: rate('process_cpu_user_seconds_total', each), legend: `${instance} user` },
          { expr: rate('process_cpu_system_seconds_total', each), legend: `${instance} system` },
        ],
      }),
      timeseries({
        id: 61,
        title: 'Memory',
        description: 'Resident, and the V8 heap.',
        unit: 'bytes',
        width: 6,
        queries: [
          { expr: now('process_resident_memory_bytes', each), legend: `${instance} resident` },
          { expr: now('nodejs_heap_size_total_bytes', each), legend: `${instance} heap` },
          { expr: now('nodejs_heap_size_used_bytes', each), legend: `${instance} heap used` },
        ],
      }),
      timeseries({
        id: 62,
        title: 'Open files',
        description: 'Against the limit of the process.',
        unit: 'percentunit',
        width: 6,
        queries: [
          {
            expr: `${now('process_open_fds', each)} / on (instance) ${now('process_max_fds', each)}`,
            legend: instance,
          },
        ],
      }),
      ofInstance('nodejs_eventloop_lag_seconds', {
        id: 63,
        title: 'Lag of the event loop',
        description: 'Mean since the previous scrape.',
        unit: 's',
      }),
    ],
  },
]
