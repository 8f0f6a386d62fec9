import type { Daemon, Reservation } from '../../model.ts'
import type { MemberLine } from './draft.ts'

/** `host1: license server UP (MASTER) v11.13.0` */
const member = /^(?:(\S+?):\s+)?license server (UP|DOWN)\b(?:\s*\((MASTER)\))?(?:\s+v?(\d[\w.]*))?/i

/** `host3: Cannot connect to license server system. (-15,570:115 "Operation now in progress")` */
const failed = /^([^\s:()]+|\[[0-9a-f:.]+\]):\s+(\S.*\(-\d+[,)].*)$/i

/** A machine of the server; `inServer`: the line stands where machines are listed. */
export function memberLine(trimmed: string, inServer: boolean): MemberLine | undefined {
  const told = trimmed.includes('license server') ? member.exec(trimmed) : null
  if (told) {
    const [, host = '', state = '', master, version] = told
    return {
      host,
      up: state.toUpperCase() === 'UP',
      master: master !== undefined,
      ...(version !== undefined && { version: `v${version}` }),
    }
  }
  const down = inServer && trimmed.includes('(-') ? failed.exec(trimmed) : null
  if (!down) return undefined
  return { host: down[1] ?? '', up: false, master: false, error: down[2] ?? '' }
}

/**
 * `   mgcld: UP v11.16.4`, `theorem: The desired vendor daemon is down. (-97,121)`; the second only
 * where daemons are listed.
 */
export function daemonLine(trimmed: string, inDaemons: boolean): Daemon | undefined {
  const up = /^([^\s:()"]+): UP(?:\s+(v\d[\w.]*))?(?:\s|$)/.exec(trimmed)
  if (up) return { vendor: up[1] ?? '', up: true, ...(up[2] !== undefined && { version: up[2] }) }
  if (!inDaemons) return undefined
  const down = /^([^\s:()"]+): (\S.*)$/.exec(trimmed)
  if (!down) return undefined
  const [, vendor = '', error = ''] = down
  if (!/\(-\d+[,)]|\b(?:down|cannot|no|not|error|failed)\b/i.test(error)) return undefined
  if (vendor === 'NOTE') return undefined
  return { vendor, up: false, error }
}

/**
 * The whole answer is one error: `Error getting status: Cannot connect to license server system.
 * (-15,10:10061 "WinSock: Connection refused")`, `lmgrd is not running: … (-96,7)`.
 */
export function outageLine(trimmed: string): string | undefined {
  const outage = /^(?:Error getting status|lmgrd is not running): (\S.*)$/i.exec(trimmed)
  if (outage) return outage[1]
  if (/^lmgrd is not running\b/i.test(trimmed)) return trimmed
  return undefined
}

/** Text of a server-side failure that names no machine: `… (-N,M)` at its end. */
export function isFailure(trimmed: string): boolean {
  return (
    /\(-\d+,\d+[^()]*\)\.?$/.test(trimmed.slice(-200)) &&
    /\b(?:server|lmgrd|daemon|connect|host)/i.test(trimmed.slice(0, 300))
  )
}

/** `48 RESERVATIONs for GROUP cad (lic1/27002)`, `2 RESERVATIONs (x) for PACKAGE cad, y (lic1/27002)` */
export function reservationLine(trimmed: string): Reservation | undefined {
  const begin = /^(\d{1,10}) RESERVATIONs?(?: \([^()]*\))? for (\S+) /i.exec(trimmed)
  if (!begin) return undefined
  const end = trimmed.lastIndexOf(' (')
  const name = trimmed.slice(begin[0].length, Math.max(end, 0)).trim()
  if (name === '' || !trimmed.endsWith(')')) return undefined
  return { kind: begin[2] ?? '', name, seats: Number(begin[1]) }
}

/** `"f" v2017.12, vendor: mgcld, expiry: 01-jan-0000`; no expiry before 11.10. */
export function poolLine(
  trimmed: string,
): { version: string; vendor: string; expiry: string | undefined } | undefined {
  const begin = trimmed.charCodeAt(0) === 34 ? trimmed.indexOf('" v', 1) + 3 : bareBegin(trimmed)
  if (begin < 3) return undefined
  const told = /^([^\s,]*), vendor: ([^\s,]+)(?:, expiry: (\S.*))?$/.exec(trimmed.slice(begin))
  if (!told) return undefined
  const [, version = '', vendor = '', expiry] = told
  return { version, vendor, expiry }
}

const noise = [
  /^-{5,}$/,
  /^\.{2,}$/,
  /^\[Detecting .*\]$/,
  /^[\w-]*\s*- Copyright \(c\)/,
  /^Flexible License Manager status\b/,
  /^[A-Z][a-z]{2} \d{1,2}\/\d{1,2}\/\S+ \d/,
  /^License file\(s\) on /,
  /^Vendor daemon status\b/,
  /^Feature usage info:?$/,
  /^DAEMONs in configuration file:/,
  /^\*{4}(?:QUORUM STATUS|END QUORUM STATUS)\*{4}$/,
  /^FlexNet Licensing v/i,
  // What the library explains below an error of its own.
  /^(?:The license server manager \(lmgrd\) has not been started yet|the wrong port@host or license file is being used|port or hostname in the license file has been changed|See the system administrator about starting the license server|make sure you're referring to the right host)\b/,
  /^(?:Feature|Hostname|Server name|Vendor:Host|License path|FLEX(?:lm|net) (?:Licensing )?error):/i,
  // A daemon's log line between two lines of the answer.
  /^\d{1,2}:\d\d:\d\d \(\S+\)/,
]

/** `f v2017.12, vendor: …`: quotes get lost where texts pass through a shell. */
function bareBegin(trimmed: string): number {
  const at = trimmed.indexOf(', vendor: ')
  return at < 0 ? -1 : (/^\S+ +v(?=\d)/.exec(trimmed)?.[0].length ?? -1)
}

/** The command as it was typed, and a prompt before or behind the answer: `[ann@lic1 ~]$`. */
const typed = /\blm(?:stat|util)\b|^\[[^\]]*\]\s*[$#>]|^\S+@\S+[$#>](?:\s|$)|^[$#>](?:\s|$)/

export function isTyped(trimmed: string): boolean {
  return typed.test(trimmed.slice(0, 300)) && !/^NOTE:|- Copyright \(c\)/.test(trimmed)
}

const poolNoise = [
  /^(?:floating|node-?locked|uncounted|counted) /i,
  /^vendor_string:/,
  /^(?:dist_string|user_info|asset_info|notice|platforms?|issuer|issued|serial number|sn|start):/i,
]

const listNoise = [/^NOTE:/, /^but only reads the license file\b/, /^_[_\s]+$/]

/** Lines that carry nothing that we count. */
export function isNoise(trimmed: string, inFeatures: boolean): boolean {
  const begin = trimmed.slice(0, 300)
  if (isTyped(trimmed)) return true
  if (inFeatures && poolNoise.some(one => one.test(begin))) return true
  return noise.some(one => one.test(begin)) || listNoise.some(one => one.test(begin))
}
