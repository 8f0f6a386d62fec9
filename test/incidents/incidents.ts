import { inDays } from './answers.ts'
import type { Stage } from './stage.ts'

export interface Expected {
  alert: string
  receiver: 'license-pager' | 'license-tickets' | 'license-digest'
  /** Labels that it must carry; `instance` and `server` are those of the incident. */
  labels?: Record<string, string>
  /** What its description must say: the number, the feature. */
  says: RegExp
  /** A later stage inhibits it, and with it its resolve. */
  superseded?: true
}

export interface Incident {
  name: string
  /** License server, or exporter, that it happens to; nothing else may be told of it. */
  server?: string
  instance?: string
  /** Seconds after everything is up; what compares with yesterday needs a yesterday. */
  after?: number
  /** Each step goes bad, and what must arrive then; none = silence for this many seconds. */
  steps: { act(): void | Promise<void>; expect: Expected[] }[]
  silence?: number
  /** Good again; undefined = the resolve takes an hour, promtool plays it. */
  good: (() => void | Promise<void>) | undefined
}

const feature = { manager: 'flexlm', vendor: 'drafty', feature: 'pro' }

/** One step, one alert. */
function one(act: () => void | Promise<void>, expected: Expected): Incident['steps'] {
  return [{ act, expect: [expected] }]
}

export function incidents(stage: Stage): Incident[] {
  const { servers, own } = stage
  const year = inDays(400)
  let refusals: NodeJS.Timeout | undefined
  return [
    {
      name: 'server down',
      server: 'down',
      steps: one(() => servers.down.says({ refused: true }), {
        alert: 'LicenseServerDown',
        receiver: 'license-pager',
        says: /flexlm server down does not serve/,
      }),
      good: () => servers.down.says({ refused: false }),
    },
    {
      name: 'tool missing',
      server: 'toolless',
      steps: one(() => servers.toolless.hideTool(true), {
        alert: 'LicenseCollectionFailing',
        receiver: 'license-tickets',
        says: /cannot read flexlm server toolless/,
      }),
      good: () => servers.toolless.hideTool(false),
    },
    {
      name: 'one triad member down',
      server: 'triad',
      steps: one(() => servers.triad.machines('master', 'up', 'down'), {
        alert: 'LicenseServerMemberDown',
        receiver: 'license-tickets',
        labels: { member: 'lic-c' },
        says: /lic-c of triad is down/,
      }),
      good: () => servers.triad.machines('master', 'up', 'up'),
    },
    {
      name: 'quorum lost',
      server: 'quorum',
      steps: one(
        () => {
          servers.quorum.machines('up', 'down', 'down')
          servers.quorum.says({ daemon: 'down' })
        },
        { alert: 'LicenseServerQuorumLost', receiver: 'license-pager', says: /machines of quorum/ },
      ),
      good: () => {
        servers.quorum.machines('master', 'up', 'up')
        servers.quorum.says({ daemon: 'up' })
      },
    },
    {
      name: 'vendor daemon down',
      server: 'daemon',
      steps: one(() => servers.daemon.says({ daemon: 'down' }), {
        alert: 'LicenseVendorDaemonDown',
        receiver: 'license-pager',
        labels: { vendor: 'drafty' },
        says: /daemon drafty of daemon is down/,
      }),
      good: () => servers.daemon.says({ daemon: 'up' }),
    },
    {
      name: 'exhausted with denials',
      server: 'refusing',
      steps: one(
        () => {
          servers.refusing.says({ used: 10 })
          refusals = setInterval(() => servers.refusing.refuse(), 400)
        },
        {
          alert: 'LicenseFeatureExhaustedWithDenials',
          receiver: 'license-pager',
          labels: feature,
          says: /pro \(drafty\) on flexlm server refusing: [\d.]+ requests were refused/,
        },
      ),
      good: () => {
        clearInterval(refusals)
        servers.refusing.says({ used: 2 })
      },
    },
    {
      name: 'exhausted without denials: nobody is paged',
      server: 'full',
      steps: one(() => servers.full.says({ used: 10 }), {
        alert: 'LicenseFeatureExhausted',
        receiver: 'license-tickets',
        labels: feature,
        says: /server full: all 10 seats are taken/,
      }),
      good: () => servers.full.says({ used: 2 }),
    },
    {
      name: 'a reread lost seats',
      server: 'reread',
      after: 95,
      steps: one(() => servers.reread.says({ lines: [{ seats: 7, expires: year }] }), {
        alert: 'LicenseFeatureSeatsDropped',
        receiver: 'license-tickets',
        labels: feature,
        says: /server reread lost 3 seats/,
      }),
      good: () => servers.reread.says({ lines: [{ seats: 10, expires: year }] }),
    },
    {
      name: 'a pool expires but is covered: silent',
      server: 'covered',
      steps: [
        {
          act: () =>
            servers.covered.says({
              lines: [
                { seats: 10, expires: inDays(5) },
                { seats: 10, expires: year },
              ],
            }),
          expect: [],
        },
      ],
      silence: 80,
      good: () => servers.covered.says({ lines: [{ seats: 20, expires: year }] }),
    },
    {
      name: 'a pool expires uncovered',
      server: 'uncovered',
      steps: one(() => servers.uncovered.says({ lines: [{ seats: 10, expires: inDays(5) }] }), {
        alert: 'LicensePoolExpiresIn7Days',
        receiver: 'license-pager',
        labels: feature,
        says: /Pool [0-9a-f]{8} of pro \(drafty\) on flexlm server uncovered expires in \dd/,
      }),
      good: () => servers.uncovered.says({ lines: [{ seats: 10, expires: year }] }),
    },
    {
      name: 'license file newer than what is served',
      server: 'unread',
      steps: one(() => servers.unread.file([{ seats: 10, expires: inDays(800) }]), {
        alert: 'LicenseFileNotLoaded',
        receiver: 'license-tickets',
        labels: feature,
        says: /beside unread hold 10 seats of pro/,
      }),
      good: () => servers.unread.says({ lines: [{ seats: 10, expires: inDays(800) }] }),
    },
    {
      name: 'log reader stuck',
      server: 'stuck',
      steps: one(() => servers.stuck.log(`10:00:01 (drafty) ${'.'.repeat(5000)}`), {
        alert: 'LicenseLogReaderStuck',
        receiver: 'license-tickets',
        says: /[\d.]+kiB of the logs of stuck wait/i,
      }),
      good: () => servers.stuck.log('\n'),
    },
    {
      name: 'exporter gone',
      instance: stage.gone.instance,
      steps: one(() => stage.gone.kill(), {
        alert: 'LicenseExporterDown',
        receiver: 'license-pager',
        says: /cannot scrape 127\.0\.0\.1:\d+/,
      }),
      good: () => stage.gone.restart(),
    },
    {
      name: 'collector down',
      instance: stage.pushing.instance,
      steps: one(
        () => {
          stage.collector.down()
          servers.changing.machines('up', 'master', 'up')
        },
        {
          alert: 'LicenseEventsNotDelivered',
          receiver: 'license-tickets',
          says: /oldest unsent event of 127\.0\.0\.1:\d+ waits for \d+/,
        },
      ),
      good: () => stage.collector.up(),
    },
    {
      name: 'own license at 6 days',
      instance: own.soon.instance,
      steps: one(() => own.soon.license(6 * 86_400), {
        alert: 'LicenseExpiringSoon',
        receiver: 'license-tickets',
        says: /expires in [56]d/,
      }),
      good: () => own.soon.license(90 * 86_400),
    },
    {
      name: 'own license in grace',
      instance: own.grace.instance,
      steps: one(() => own.grace.license(-60), {
        alert: 'LicenseInGraceMode',
        receiver: 'license-pager',
        says: /license on 127\.0\.0\.1:\d+ is expired/,
      }),
      good: () => own.grace.license(90 * 86_400),
    },
    {
      name: 'own license: grace near its end, then over',
      instance: own.over.instance,
      steps: [
        {
          act: () => own.over.license(-86_400 + 50),
          expect: [
            {
              alert: 'IOSetuLicenseGraceEndingSoon',
              receiver: 'license-pager',
              says: /\d+s of grace are left/,
            },
          ],
        },
        {
          act() {},
          expect: [
            {
              alert: 'IOSetuLicenseGraceEnded',
              receiver: 'license-pager',
              says: /127\.0\.0\.1:\d+ answers new requests to licensed routes with 503/,
            },
          ],
        },
      ],
      good: () => own.over.license(90 * 86_400),
    },
    ...(own.clock
      ? [
          {
            name: 'clock set back',
            instance: own.clock.instance,
            steps: one(() => own.clock?.step('-3600'), {
              alert: 'IOSetuLicenseClockSetBack',
              receiver: 'license-pager' as const,
              says: /On 127\.0\.0\.1:\d+ the wall clock went backward/,
            }),
            good: undefined,
          },
        ]
      : []),
  ]
}
