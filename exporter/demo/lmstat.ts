import { expiryDate, parts, two } from './clock.ts'
import { queued, sessions } from './simulation.ts'
import type { DemoFeature, DemoServer } from './site.ts'

/** What `lmutil lmstat -a -i` prints for this server. */
export function lmstat(server: DemoServer, at: number, epoch: number): string {
  const { weekday, month, day, year, hour, minute } = parts(at)
  const lines = [
    'lmutil - Copyright (c) 1989-2022 Flexera. All Rights Reserved.',
    `Flexible License Manager status on ${weekday} ${month}/${day}/${year} ${two(hour)}:${two(minute)}`,
    '',
  ]
  if (server.down) {
    lines.push(
      `Error getting status: Cannot connect to license server system. (-15,570:111 "Connection refused")`,
    )
    return `${lines.join('\n')}\n`
  }
  lines.push(
    ...serverLines(server),
    ...server.vendors.flatMap(vendor => daemonLines(server, vendor, at)),
  )
  lines.push(...featureList(server, epoch))
  return `${lines.join('\n')}\n`
}

function serverLines(server: DemoServer): string[] {
  const members = server.members ?? []
  const version = server.vendors[0]?.version ?? 'v11.19.4'
  return [
    `License server status: ${server.address}`,
    `    License file(s) on ${members[0]}: /opt/flexlm/${server.name}.lic:`,
    '',
    ...members.map(
      (name, index) => `${name}: license server UP ${index === 0 ? '(MASTER) ' : ''}${version}`,
    ),
    '',
    `Vendor daemon status (on ${members[0]}):`,
    '',
  ]
}

function daemonLines(
  server: DemoServer,
  vendor: { name: string; version: string },
  at: number,
): string[] {
  return [
    `    ${vendor.name}: UP ${vendor.version}`,
    'Feature usage info:',
    '',
    ...server.features
      .filter(one => one.vendor === vendor.name)
      .flatMap(one => usage(server, one, at)),
  ]
}

function usage(server: DemoServer, feature: DemoFeature, at: number): string[] {
  const held = sessions(feature, at)
  const reserved = feature.reserved?.seats ?? 0
  const used = held.reduce((sum, one) => sum + one.seats, 0) + reserved
  const lines = [
    `Users of ${feature.name}:  (Total of ${plural(feature.seats)} issued;  Total of ${plural(used)} in use)`,
    '',
  ]
  if (used === 0) return lines
  const port = `${server.members?.[0]}/${server.address.slice(0, server.address.indexOf('@'))}`
  lines.push(
    `  "${feature.name}" v${feature.version}, vendor: ${feature.vendor}`,
    '  floating license',
    '',
  )
  if (feature.reserved) {
    const { kind, name, seats } = feature.reserved
    lines.push(`\t${seats} RESERVATION${seats === 1 ? '' : 's'} for ${kind} ${name} (${port})`)
  }
  for (const one of held) {
    const start = parts(one.startedAt)
    const seats = one.seats === 1 ? '' : `, ${one.seats} licenses`
    const linger = one.borrowed ? ' (linger: 1209600)' : ''
    lines.push(
      `    ${one.user} ${one.host} ${one.display} (v${feature.version}) (${port} ${one.handle}), ` +
        `start ${start.weekday} ${start.month}/${start.day} ${start.hour}:${two(start.minute)}${seats}${linger}`,
    )
  }
  for (let i = 0; i < queued(feature, at); i++) {
    lines.push(
      `    waiting${i} ws-09${i} ws-09${i} (v${feature.version}) (${port} ${900 + i}) queued for 1 license`,
    )
  }
  return [...lines, '']
}

function plural(seats: number): string {
  return `${seats} license${seats === 1 ? '' : 's'}`
}

function featureList(server: DemoServer, epoch: number): string[] {
  const row = (name: string, version: string, count: string, expires: string, vendor: string) =>
    `${name.padEnd(24)}${version.padEnd(12)}${count.padEnd(12)}${expires.padEnd(16)}${vendor}`
  return [
    '',
    'NOTE: lmstat -i does not give information from the server,',
    '      but only reads the license file.  For this reason,',
    '      lmstat -a is recommended instead.',
    '',
    row('Feature', 'Version', '#licenses', 'Expires', 'Vendor'),
    row('_______', '_______', '_________', '_______', '______'),
    ...server.features.map(one =>
      row(
        one.name,
        one.version,
        String(one.seats),
        one.expires === 'permanent' ? '1-jan-0' : expiryDate(one.expires, epoch),
        one.vendor,
      ),
    ),
  ]
}

/** The license file beside the server: for the line that nears its end it holds the renewal that nobody loaded. */
export function licenseFile(server: DemoServer, epoch: number): string {
  const [first = ''] = server.members ?? []
  const port = server.address.slice(0, server.address.indexOf('@'))
  const increment = (feature: DemoFeature, expires: 'permanent' | number) =>
    `INCREMENT ${feature.name} ${feature.vendor} ${feature.version} ${expiryDate(expires, epoch)} ${feature.seats} \\\n` +
    `\tSIGN="0000 0000 0000 0000"`
  return [
    ...(server.members ?? [first]).map(name => `SERVER ${name} 000000000000 ${port}`),
    ...server.vendors.map(one => `VENDOR ${one.name}`),
    'USE_SERVER',
    ...server.features.map(one => increment(one, one.expires)),
    ...server.features
      .filter(one => one.expires !== 'permanent' && one.expires < 20)
      .map(one => increment(one, 365 + Number(one.expires))),
    '',
  ].join('\n')
}
