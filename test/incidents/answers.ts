/** What a FlexLM license server says: lmstat's answer and the license file, in the few states we play. */

export interface Line {
  seats: number
  /** `31-dec-2031`, or 1-jan-0 for permanent. */
  expires: string
}

export interface Machine {
  name: string
  state: 'up' | 'master' | 'down'
}

export interface Site {
  machines: Machine[]
  daemon: 'up' | 'down'
  lines: Line[]
  used: number
  /** Nobody answers at all. */
  refused?: boolean
}

/** `Sun 11/22/2026 5:41`; the year stands in the head alone. */
function stamp(at: Date, year = true): string {
  const date = `${at.getUTCMonth() + 1}/${at.getUTCDate()}${year ? `/${at.getUTCFullYear()}` : ''}`
  const minute = String(at.getUTCMinutes()).padStart(2, '0')
  return `${weekdays[at.getUTCDay()]} ${date} ${at.getUTCHours()}:${minute}`
}

export function lmstat({ machines, daemon, lines, used, refused }: Site): string {
  const head = `lmutil - Copyright (c) 1989-2023 Flexera. All Rights Reserved.
Flexible License Manager status on ${stamp(new Date())}
`
  if (refused) {
    return `${head}\nError getting status: Cannot connect to license server system. (-15,570:111 "Connection refused")\n`
  }
  const issued = lines.reduce((sum, { seats }) => sum + seats, 0)
  const [first] = machines
  const serving = machines.find(({ state }) => state === 'master') ?? first
  return `${head}
License server status: ${machines.map(({ name }) => `27000@${name}`).join(',')}
    License file(s) on ${first?.name}: /opt/flexlm/site.lic:

${machines.map(machineLine).join('\n')}

Vendor daemon status (on ${serving?.name}):

${daemon === 'up' ? usage(issued, used, serving?.name ?? '') : '    drafty: The desired vendor daemon is down. (-97,121)\n'}
Feature                 Version     #licenses   Expires         Vendor
_______                 _______     _________   _______         ______
${lines.map(({ seats, expires }) => `pro                     2026.0      ${String(seats).padEnd(12)}${expires.padEnd(16)}drafty`).join('\n')}
`
}

function machineLine({ name, state }: Machine): string {
  if (state === 'down') {
    return `${name}: Cannot connect to license server system. (-15,570:111 "Connection refused")`
  }
  return `${name}: license server UP ${state === 'master' ? '(MASTER) ' : ''}v11.19.4`
}

function usage(issued: number, used: number, host: string): string {
  const started = stamp(new Date(Date.now() - 3_600_000), false)
  const held = Array.from(
    { length: used },
    (_, i) => `    user${i} ws-${i} ws-${i} (v2026.0) (${host}/27000 ${100 + i}), start ${started}`,
  )
  return `    drafty: UP v11.19.4
Feature usage info:

Users of pro:  (Total of ${issued} licenses issued;  Total of ${used} licenses in use)

  "pro" v2026.0, vendor: drafty
  floating license

${held.join('\n')}
`
}

export function licenseFile(lines: readonly Line[]): string {
  return [
    'SERVER lic ANY 27000',
    'VENDOR drafty',
    ...lines.map(
      ({ seats, expires }) => `INCREMENT pro drafty 2026.0 ${expires} ${seats} SIGN="0000 0000"`,
    ),
    '',
  ].join('\n')
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

export function inDays(days: number): string {
  const date = new Date(Date.now() + days * 86_400_000)
  return `${date.getUTCDate()}-${months[date.getUTCMonth()]}-${date.getUTCFullYear()}`
}
