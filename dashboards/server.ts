import { dashboard, link, uids } from './dashboard.ts'
import { held, refused } from './expressions.ts'
import { limits } from './limits.ts'
import { bars, timeline, timeseries } from './panels.ts'
import { now, top } from './query.ts'
import { capacityRows } from './server-capacity.ts'
import { table } from './table.ts'
import * as word from './words.ts'

const toFeature = link('Feature', 'feature', {
  server: '__data.fields.Server',
  vendor: '__data.fields.Vendor',
  feature: '__data.fields.Feature',
})
const featureRows = { server: 'Server', vendor: 'Vendor', feature: 'Feature' }

export const server = dashboard({
  uid: uids.server,
  title: 'Licenses / Server',
  description: 'One license server: machines, vendor daemons, features, who waits, who holds.',
  from: 'now-24h',
  refresh: '1m',
  rows: [
    {
      id: 1,
      title: 'Machines and vendor daemons',
      panels: [
        timeline({
          id: 10,
          title: 'License server',
          description: 'What it said of itself; a gap is a time in which that was not known.',
          unit: 'none',
          width: 8,
          queries: [{ expr: now('license_server_up'), legend: '{{server}}' }],
          mappings: word.upDown,
        }),
        timeline({
          id: 11,
          title: 'Vendor daemons',
          description: 'Nothing while the license server itself is down: nobody can know it then.',
          unit: 'none',
          width: 8,
          queries: [
            { expr: now('license_server_vendor_daemon_up'), legend: '{{server}} · {{vendor}}' },
          ],
          mappings: word.upDown,
        }),
        timeline({
          id: 12,
          title: 'Machines',
          description: 'Of a triad two must be up; a failover pair serves with one.',
          unit: 'none',
          width: 8,
          queries: [{ expr: now('license_server_member_up'), legend: '{{server}} · {{member}}' }],
          mappings: word.upDown,
        }),
        timeline({
          id: 13,
          title: 'Master',
          description:
            'Which machine led. A change without an outage of the old one is worth a look.',
          unit: 'none',
          width: 8,
          height: 6,
          queries: [
            { expr: now('license_server_member_master'), legend: '{{server}} · {{member}}' },
          ],
          mappings: word.words({ '0': ['Stands by', 'text'], '1': ['Master', 'blue'] }),
        }),
        timeline({
          id: 14,
          title: 'Quorum',
          description: 'License servers of three machines: enough of them or not.',
          unit: 'none',
          width: 8,
          height: 6,
          queries: [{ expr: now('license_server_quorum'), legend: '{{server}}' }],
          mappings: word.enough,
        }),
        table({
          id: 15,
          title: 'Why it is not up',
          description: 'What the license server said, or what failed while asking it.',
          width: 8,
          height: 6,
          by: { server: 'Server', manager: 'Manager', reason: 'Reason' },
          columns: [
            {
              title: 'State',
              expr: now('license_server_problem'),
              unit: 'none',
              mappings: word.words({ '1': ['Not up', 'red'] }),
            },
          ],
        }),
      ],
    },
    {
      id: 2,
      title: 'Features',
      panels: [
        table({
          id: 20,
          title: 'Features',
          description:
            'Seats now. Used is what the license server says; checked out is what its checkout lines add up to. Empty: it does not tell.',
          width: 24,
          height: 10,
          by: featureRows,
          hidden: ['manager'],
          columns: [
            { title: 'Issued', expr: now('license_feature_seats_issued'), unit: 'none' },
            { title: 'Used', expr: now('license_feature_seats_used'), unit: 'none' },
            { title: 'Checked out', expr: now('license_feature_seats_checked_out'), unit: 'none' },
            { title: 'Reserved', expr: now('license_feature_seats_reserved'), unit: 'none' },
            { title: 'Borrowed', expr: now('license_feature_seats_borrowed'), unit: 'none' },
            {
              title: 'Waiting',
              expr: now('license_feature_queued_requests'),
              unit: 'none',
              thresholds: word.anyIsDubious,
            },
            { title: 'Users', expr: now('license_feature_users'), unit: 'none' },
            {
              title: 'Oldest checkout',
              expr: held,
              unit: 's',
              thresholds: word.steps('text', [limits.heldSeconds, 'orange']),
            },
            {
              title: 'Refused, 24 h',
              expr: refused('24h'),
              unit: 'none',
              decimals: 0,
              thresholds: word.anyIsDubious,
            },
          ],
          leads: { feature: toFeature },
          sort: { by: 'Used', descending: true },
        }),
        timeseries({
          id: 21,
          title: 'Seats in use',
          description: 'By feature, as the license server says.',
          unit: 'short',
          stacked: true,
          width: 12,
          queries: [
            { expr: now('license_feature_seats_used'), legend: '{{server}} · {{feature}}' },
          ],
        }),
        timeseries({
          id: 22,
          title: 'Waiting requests',
          description: 'Requests in queues, by feature.',
          unit: 'short',
          decimals: 0,
          stepped: true,
          width: 12,
          queries: [
            { expr: now('license_feature_queued_requests'), legend: '{{server}} · {{feature}}' },
          ],
        }),
        bars({
          id: 23,
          title: 'Oldest checkouts',
          description: 'A seat that is held for days is often forgotten.',
          unit: 's',
          min: 0,
          width: 12,
          queries: [{ expr: top(15, held), legend: '{{server}} · {{feature}}' }],
          thresholds: word.steps('green', [limits.heldSeconds, 'orange']),
        }),
        table({
          id: 24,
          title: 'Features with a problem',
          description:
            'no_such_feature, unsupported, expired or disabled, as the license server says.',
          width: 12,
          by: { ...featureRows, reason: 'Reason' },
          hidden: ['manager'],
          columns: [
            {
              title: 'State',
              expr: now('license_feature_problem'),
              unit: 'none',
              mappings: word.words({ '1': ['Problem', 'orange'] }),
            },
          ],
          noValue: 'None',
        }),
      ],
    },
    ...capacityRows,
  ],
})
