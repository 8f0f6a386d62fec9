import type { EventName } from '../exporter/catalogue.ts'
import { dashboard, uids } from './dashboard.ts'
import { logs, stat, timeseries } from './panels.ts'
import * as word from './words.ts'

/** Events in Loki: the message is the line, attributes are structured metadata (dots become `_`). */
const all =
  '{service_name=~"$service"} | event_name=~"(license|license_server|license_feature|license_pool|exporter|api)[.].+"'

function only(...names: readonly EventName[]): string {
  return `{service_name=~"$service"} | event_name=~"${names.map(name => name.replace('.', '[.]')).join('|')}"`
}

const countOf = (query: string) => `sum(count_over_time(${query} [$__range]))`

const number = (id: number, title: string, description: string, query: string) =>
  stat({
    id,
    title,
    description,
    unit: 'none',
    width: 6,
    source: 'loki',
    queries: [{ expr: countOf(query) }],
    noValue: 'none',
    thresholds: word.anyIsDubious,
  })

export const events = dashboard({
  uid: uids.events,
  title: 'Licenses / Events',
  description: 'What happened: the events of the exporters, as they reach Loki over OTLP.',
  from: 'now-24h',
  refresh: '1m',
  rows: [
    {
      id: 1,
      title: 'How many',
      panels: [
        number(
          10,
          'License servers went down',
          'License servers, vendor daemons, lost quorums.',
          only(
            'license_server.down',
            'license_server.vendor_daemon_down',
            'license_server.quorum_lost',
          ),
        ),
        number(
          11,
          'Features became full',
          'No seat of them was free.',
          only('license_feature.exhausted'),
        ),
        number(
          12,
          'Own license',
          'Grace, its end, a refused or missing license, a clock that was set back.',
          only(
            'license.grace_mode_entered',
            'license.grace_period_ended',
            'license.verification_failed',
            'license.missing',
            'license.time_manipulation_detected',
          ),
        ),
        number(
          13,
          'Refused by the exporter',
          'For their key or by the rate limit.',
          only('api.authentication_failed', 'api.rate_limited'),
        ),
        timeseries({
          id: 20,
          title: 'Events',
          description: 'How many, by the name of the event.',
          unit: 'short',
          decimals: 0,
          bars: true,
          stacked: true,
          width: 24,
          source: 'loki',
          queries: [
            {
              expr: `sum by (event_name) (count_over_time(${all} [$__auto]))`,
              legend: '{{event_name}}',
            },
          ],
        }),
      ],
    },
    {
      id: 2,
      title: 'Which',
      panels: [
        logs({
          id: 30,
          title: 'Events',
          description: 'Newest first; open one for its attributes.',
          unit: 'none',
          width: 24,
          height: 14,
          source: 'loki',
          queries: [{ expr: all }],
        }),
        logs({
          id: 31,
          title: 'Refused users',
          description: 'One event for each user, feature and minute; names as [privacy] says.',
          unit: 'none',
          width: 24,
          height: 10,
          source: 'loki',
          queries: [{ expr: only('license_feature.denied') }],
        }),
      ],
    },
  ],
})
