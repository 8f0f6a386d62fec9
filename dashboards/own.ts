import { dashboard, uids } from './dashboard.ts'
import { limits } from './limits.ts'
import { course, growth } from './over-time.ts'
import { stat, timeline, timeseries } from './panels.ts'
import { grown, least, now, sum } from './query.ts'
import { table } from './table.ts'
import * as word from './words.ts'

/** One exporter watches one license: what two jobs read of it counts once. */
const each = { by: ['instance'] } as const

const stateNumber = [
  [1, 'valid'],
  [2, 'grace'],
  [3, 'over'],
  [4, 'unlicensed'],
] as const
const state = stateNumber
  .map(
    ([value, name]) =>
      `${value} * (${now('iosetu_license_state', { ...each, where: { state: name } })} == 1)`,
  )
  .join(' or on (instance) ')

export const own = dashboard({
  uid: uids.own,
  title: 'IOSetu / License',
  description:
    'The own license: how long it lasts, grace, the clock, and whether it is still checked.',
  from: 'now-7d',
  refresh: '1m',
  ownLicense: true,
  rows: [
    {
      id: 1,
      title: 'Now',
      panels: [
        stat({
          id: 10,
          title: 'Days left',
          description:
            'Until the license expires; below 0 it has. Nothing where no expiry is known.',
          unit: 'd',
          decimals: 2,
          width: 6,
          queries: [{ expr: least('iosetu_license_days_remaining', each), legend: '{{instance}}' }],
          thresholds: word.ownDays,
          noValue: 'not known',
        }),
        stat({
          id: 11,
          title: 'Expires',
          description: 'The last good license that was verified.',
          unit: 'dateTimeAsIso',
          width: 6,
          queries: [
            {
              expr: `${least('iosetu_license_expiry_timestamp_seconds', each)} * 1000`,
              legend: '{{instance}}',
            },
          ],
          noValue: 'not known',
        }),
        stat({
          id: 12,
          title: 'State',
          description:
            'Grace: it is served for 24 hours. Over: new requests get 503. Unlicensed: there never was a license.',
          unit: 'none',
          width: 6,
          queries: [{ expr: state, legend: '{{instance}}' }],
          mappings: word.ownStates,
          noValue: 'not watched',
        }),
        stat({
          id: 13,
          title: 'Grace ends in',
          description: 'Only during grace; below 0 it has ended.',
          unit: 's',
          decimals: 1,
          width: 6,
          queries: [
            {
              expr: `${least('iosetu_license_grace_expiry_timestamp_seconds', each)} - time()`,
              legend: '{{instance}}',
            },
          ],
          thresholds: word.graceLeft,
          noValue: 'no grace',
        }),
        stat({
          id: 14,
          title: 'Last check',
          description: 'Seconds since the license was last checked; it is checked every hour.',
          unit: 's',
          width: 6,
          queries: [
            {
              expr: `time() - ${now('iosetu_license_last_check_timestamp_seconds', each)}`,
              legend: '{{instance}}',
            },
          ],
          thresholds: word.steps('green', [limits.lastCheckSeconds, 'orange']),
          noValue: 'not watched',
        }),
        stat({
          id: 15,
          title: 'Valid',
          description: 'Signature, claims and time are good.',
          unit: 'none',
          width: 6,
          queries: [{ expr: now('iosetu_license_valid', each), legend: '{{instance}}' }],
          mappings: word.words({ '0': ['No', 'red'], '1': ['Yes', 'green'] }),
          noValue: 'not watched',
        }),
        stat({
          id: 16,
          title: 'Grace mode',
          description:
            'From entering grace until a valid license is seen, also after grace has ended.',
          unit: 'none',
          width: 6,
          queries: [{ expr: now('iosetu_license_grace_mode', each), legend: '{{instance}}' }],
          mappings: word.words({ '0': ['Off', 'green'], '1': ['On', 'red'] }),
          noValue: 'not watched',
        }),
        stat({
          id: 17,
          title: 'Clock drift',
          description: 'Wall clock against the time since boot, over the last check interval.',
          unit: 's',
          decimals: 3,
          width: 6,
          queries: [
            { expr: now('iosetu_license_clock_drift_seconds', each), legend: '{{instance}}' },
          ],
          thresholds: word.drift,
          noValue: 'not known',
        }),
      ],
    },
    {
      id: 2,
      title: 'Over time',
      panels: [
        timeline({
          id: 20,
          title: 'State',
          description: 'Exactly one of the four at any time.',
          unit: 'none',
          width: 12,
          height: 6,
          queries: [{ expr: state, legend: '{{instance}}' }],
          mappings: word.ownStates,
        }),
        table({
          id: 21,
          title: 'What is wrong',
          description: 'expired, missing, invalid or clock.',
          width: 12,
          height: 6,
          by: { instance: 'Instance', reason: 'Reason' },
          columns: [
            {
              title: 'State',
              expr: now('iosetu_license_problem', { by: ['instance', 'reason'] }),
              unit: 'none',
              mappings: word.words({ '1': ['Problem', 'red'] }),
            },
          ],
          noValue: 'Nothing',
        }),
        timeseries({
          id: 22,
          title: 'Days left',
          description: 'It falls by one each day; a step up is a renewal.',
          unit: 'd',
          thresholdLines: true,
          width: 12,
          signed: true,
          thresholds: word.ownDays,
          queries: [{ expr: least('iosetu_license_days_remaining', each), legend: '{{instance}}' }],
        }),
        course('iosetu_license_clock_drift_seconds', ['instance'], {
          id: 23,
          title: 'Clock drift',
          description: 'More than 5 s either way is a jump.',
          unit: 's',
          thresholdLines: true,
          width: 12,
          signed: true,
          thresholds: word.drift,
        }),
        growth(
          'iosetu_license_checks_total',
          ['instance', 'result'],
          {
            id: 24,
            title: 'Checks',
            description: 'By result; anything but ok is a refusal of the license.',
            unit: 'short',
            stacked: true,
          },
          '1h',
        ),
        growth('iosetu_license_clock_jumps_total', ['instance', 'direction'], {
          id: 25,
          title: 'Clock jumps',
          description: 'Backward is treated as tampering.',
          unit: 'short',
        }),
        timeseries({
          id: 26,
          title: 'Reloads',
          description: 'Changed licenses that were taken or refused, without a restart.',
          unit: 'short',
          decimals: 0,
          bars: true,
          width: 8,
          queries: [
            {
              expr: sum(
                ['instance', 'result'],
                grown('iosetu_license_reloads_total', '$__interval', {
                  by: ['instance', 'result'],
                }),
              ),
              legend: '{{instance}} {{result}}',
              step: '5m',
            },
          ],
        }),
        table({
          id: 27,
          title: 'License',
          description: 'What the license says of itself.',
          width: 24,
          height: 5,
          by: {
            instance: 'Instance',
            customer: 'Customer',
            license_id: 'License',
            edition: 'Edition',
          },
          columns: [
            {
              title: 'Known',
              expr: now('iosetu_license_info', {
                by: ['instance', 'customer', 'license_id', 'edition'],
              }),
              unit: 'none',
              mappings: word.words({ '1': ['yes', 'text'] }),
            },
          ],
          noValue: 'No license was ever verified',
        }),
      ],
    },
  ],
})
