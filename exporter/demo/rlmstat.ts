import { clockTime, expiryDate, parts, two } from './clock.ts'
import { happenings, sessions } from './simulation.ts'
import type { DemoServer } from './site.ts'

const day = 86_400

/** What `rlmutil rlmstat -a` prints for this server. */
export function rlmstat(server: DemoServer, at: number, epoch: number): string {
  const vendor = server.vendors[0] ?? { name: 'isv', version: 'v14.2' }
  const host = server.address.slice(server.address.indexOf('@') + 1)
  // It restarts every night: so its totals cost no more than a day of simulation.
  const startedAt = at - (at % day)
  const { checkouts, denials, byFeature } = totals(server, startedAt, at)
  const up = upTime(at - startedAt)
  return [
    `Setting license file path to ${server.address}`,
    `rlmutil ${vendor.version}`,
    'Copyright (C) 2006-2021, Reprise Software, Inc. All rights reserved.',
    '',
    '',
    `\trlm status on ${host} (port 5053), up ${up}`,
    `\trlm software version ${vendor.version} (build:2)`,
    '\trlm comm version: v1.2',
    `\tStartup time: ${long(startedAt)}`,
    `\tTodays Statistics (${clockTime(at)}), init time: ${long(at - (at % day))}`,
    `\tRecent Statistics (00:30:00), init time: ${long(at - 1800)}`,
    '',
    '\t             Recent Stats         Todays Stats         Total Stats',
    `\t              00:30:00             ${clockTime(at)}         ${up}`,
    '\tMessages:    582 (0/sec)           28937 (0/sec)          777647 (0/sec)',
    '\tConnections: 463 (0/sec)           23147 (0/sec)          622164 (0/sec)',
    '',
    '\t--------- ISV servers ----------',
    '\t   Name           Port Running Restarts',
    `\t${vendor.name.padEnd(17)}63133   Yes      1`,
    '',
    '\t------------------------',
    '',
    `\t${vendor.name} ISV server status on ${host} (port 63133), up ${up}`,
    `\t${vendor.name} software version ${vendor.version} (build: 2)`,
    `\t${vendor.name} comm version: v1.2`,
    `\t${vendor.name} Debug log filename: /var/log/${vendor.name}.dlog`,
    `\t${vendor.name} Report log filename: <stdout>`,
    `\tStartup time: ${long(startedAt)}`,
    `\tTodays Statistics (${clockTime(at)}), init time: ${long(at - (at % day))}`,
    `\tRecent Statistics (00:30:00), init time: ${long(at - 1800)}`,
    '',
    '\t             Recent Stats         Todays Stats         Total Stats',
    `\t              00:30:00             ${clockTime(at)}         ${up}`,
    '\tMessages:    991 (0/sec)           34770 (0/sec)          935961 (0/sec)',
    '\tConnections: 945 (0/sec)           17359 (0/sec)          466699 (0/sec)',
    `\tCheckouts:   0 (0/sec)           0 (0/sec)          ${checkouts} (0/sec)`,
    `\tDenials:     0 (0/sec)           0 (0/sec)          ${denials} (0/sec)`,
    '\tRemovals:    0 (0/sec)           0 (0/sec)          0 (0/sec)',
    '',
    '',
    '\t------------------------',
    '',
    `\t${vendor.name} license pool status on ${host} (port 63133)`,
    '',
    ...pools(server, byFeature, at, epoch),
    '',
    '\t------------------------',
    '',
    `\t${vendor.name} license usage status on ${host} (port 63133)`,
    '',
    ...usage(server, at),
    '',
  ].join('\n')
}

function pools(
  server: DemoServer,
  checkouts: ReadonlyMap<string, number>,
  at: number,
  epoch: number,
): string[] {
  return server.features.flatMap(one => {
    const used = sessions(one, at).length
    return [
      `\t${one.name} v${one.version}`,
      `\t\tcount: ${one.seats}, # reservations: 0, inuse: ${used}, exp: ${expiryDate(one.expires, epoch)}`,
      `\t\tobsolete: 0, min_remove: 120, total checkouts: ${checkouts.get(one.name) ?? 0}`,
    ]
  })
}

function usage(server: DemoServer, at: number): string[] {
  return server.features.flatMap(one =>
    sessions(one, at).map(held => {
      const start = parts(held.startedAt)
      const when = `${two(start.month)}/${two(start.day)} ${two(start.hour)}:${two(start.minute)}`
      return `\t${one.name} v${one.version}: ${held.user}@${held.host} ${held.seats}/0 at ${when}  (handle: ${held.handle.toString(16)}) `
    }),
  )
}

interface Totals {
  from: number
  to: number
  checkouts: number
  denials: number
  byFeature: Map<string, number>
}

/** Asked again later on the same day, counting goes on where it ended. */
const counted = new Map<string, Totals>()

function totals(server: DemoServer, from: number, to: number): Totals {
  const before = counted.get(server.name)
  const goesOn = before && before.from === from && before.to <= to
  const now = goesOn ? before : { from, to: from, checkouts: 0, denials: 0, byFeature: new Map() }
  for (const { kind, feature } of happenings(server, now.to, to)) {
    if (kind === 'OUT') {
      now.checkouts++
      now.byFeature.set(feature.name, (now.byFeature.get(feature.name) ?? 0) + 1)
    } else if (kind === 'DENIED') now.denials++
  }
  now.to = to
  counted.set(server.name, now)
  return now
}

function upTime(seconds: number): string {
  const days = Math.floor(seconds / day)
  return `${days > 0 ? `${days}d ` : ''}${clockTime(seconds % day)}`
}

/** `Tue Oct 19 01:40:13 2021` */
function long(at: number): string {
  const { weekday, monthName, day: date, year } = parts(at)
  return `${weekday} ${monthName} ${String(date).padStart(2)} ${clockTime(at)} ${year}`
}
