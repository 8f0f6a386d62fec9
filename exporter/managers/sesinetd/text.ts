import type { Member } from '../../model.ts'
import { splitLines } from '../lines.ts'
import { readAddress, readUrl } from './address.ts'
import { addLicense, type Draft, type License, unparsed } from './license.ts'
import { startTime } from './start-time.ts'

/** No line of such a list is longer; what is, is counted and not matched. */
const longestLine = 1000

const serverRule = /^-{2,} *SERVER +(\S+) *-{2,}$/i
const serverVersion = /^sesinetd: *Version +(\S+)/i
const serverNote =
  /^(?:SERVER \S+ \S+$|(?:IP Address|Read ?Mask|Write ?Mask|Enabled \w+|Uptime)\s*:)/i
/** `6ec2a6e4: 5 "Houdini-Master 18.5 " Generic 31-dec-2026 +.+.*.*` */
const quotedLicense =
  /^(?:Lic(?:ense)? +)?([0-9a-f]{6,16}): +(\d{1,9}) +"([^"]*?) +(\d[\w.]*) *" +(\S+) +(\S+)/i
/** `84272bda: Generic    Houdini-Escape 17.5                 100/100 free`: free before total. */
const tableLicense =
  /^([0-9a-f]{6,16}): +(\S+) +(\S+(?: \S+)*) +(\d[\w.]*) +(\d{1,9})\/(\d{1,9}) +free$/i
const freeSeats = /^(\d{1,9}) +licenses? +(?:free|available)/i
const userLine = /^(?:\d+: *)?([^@\s][^@]*)@(\S+)\s+(\S.*)$/

const pinging = /\bPinging: *'([^']*)'/i
const pingOk = /\bSuccessfully pinged\b/i
const pingTime = /\b(?:Total|Connect) time\b/i

const hserverField = /^((?:Server Version|Connected To|License Server) ?|HServer[^:]{0,60}):(.*)$/i

/** What sesictrl and hserver say when no license server answers; never enough to tell whose text it is. */
const refused =
  /\b(?:could ?n[o']t|can ?not|can't|unable to|fail(?:ed|ure) to) +(?:connect|reach|ping|contact|resolve|communicate)\b|\bconnection (?:refused|timed out|reset)\b|\bno route to host\b|\bhost (?:not found|(?:is )?unreachable)\b|\bnot (?:reachable|responding)\b/i
/** Words that make a text SideFX's. */
export const sidefxMark =
  /\b(?:sesictrl|sesinetd|hserver|houdini|side ?fx)\b|\bPinging: *'|Retrieving information about installed licenses/i
export const textMark =
  /^-{2,} *SERVER +\S+ *-{2,}\s*$|^sesinetd: *Version|^[0-9a-f]{6,16}: +\S+ +\S.* +\d+\/\d+ +free\s*$/i
export const pingMark = pinging
export const hserverOwn = /^(?:License Server|Connected To|HServer)\b/i
export const hserverMark = /^(?:Server Version|HServer[^:]{0,60}) ?: ?\S/i

/** The license list for people: of `print-license`, of the old `sesictrl -i`, or in a log. */
export function readText(
  lines: readonly string[],
  draft: Draft,
  context: { now: Date; timeZone: string },
): void {
  let license: License | undefined
  draft.answered = true
  for (const raw of lines) {
    const line = raw.length > longestLine ? undefined : raw.trim()
    if (line === '' || (line && isLogLine(line))) continue
    const read = line === undefined ? undefined : readLicense(line)
    if (read) {
      license = read
      addLicense(draft, license)
    } else if (line === undefined || !readDetail(line, draft, license, context)) {
      unparsed(draft, license ? 'license' : 'other', raw)
    }
  }
}

/** Lines of a log around a list are the log reader's. */
function isLogLine(line: string): boolean {
  return /^\d{1,2}:\d{2}:\d{2} +\d{1,2}\/\d{1,2}\/\d{2,4} +sesinetd\b/i.test(line)
}

function readLicense(line: string): License | undefined {
  const quoted = quotedLicense.exec(line)
  if (quoted) {
    const [, id = '', total, product = '', version = '', , expires = ''] = quoted
    return { id, product, version, total: Number(total), expires, problems: [], users: [] }
  }
  const row = tableLicense.exec(line)
  if (!row) return undefined
  const [, id = '', , product = '', version = '', available, total] = row
  const seats = { available: Number(available), total: Number(total) }
  return { id, product, version, ...seats, problems: [], users: [] }
}

function readDetail(
  line: string,
  draft: Draft,
  license: License | undefined,
  context: { now: Date; timeZone: string },
): boolean {
  const server = serverRule.exec(line)?.[1]
  if (server !== undefined) {
    draft.members.push({ name: memberName(server), up: true })
    return true
  }
  const version = serverVersion.exec(line)?.[1]
  if (version !== undefined) {
    draft.version ??= version
    const member = draft.members.at(-1)
    if (member) member.version ??= version
    return true
  }
  const free = freeSeats.exec(line)?.[1]
  if (free !== undefined && license) {
    license.available = Number(free)
    return true
  }
  if (refused.test(line)) {
    draft.refusals.push(line)
    const member = draft.members.at(-1)
    if (member && member.version === undefined && !license) down(member, line)
    return true
  }
  const user = license && userLine.exec(line)
  const startedAt = user ? startTime(user[3], context) : undefined
  if (license && user && startedAt !== undefined) {
    const [, name = '', host = ''] = user
    license.users.push({ user: name, host, seats: 1, startedAt })
    return true
  }
  return serverNote.test(line) || /^Retrieving information\b/i.test(line)
}

/** `sesictrl ping`: `Pinging: 'https://…'`, then `Successfully pinged.` or why not. */
export function readPing(lines: readonly string[], draft: Draft): void {
  let member: Member | undefined
  for (const raw of lines) {
    const line = raw.slice(0, longestLine).trim()
    const target = pinging.exec(line)?.[1]
    if (target !== undefined) {
      const port = (readUrl(target) ?? readAddress(target))?.port
      member = { name: memberName(target), up: false, ...(port === undefined ? {} : { port }) }
      draft.members.push(member)
    } else if (pingOk.test(line) && member) {
      member.up = true
      draft.answered = true
    } else if (line !== '' && !pingTime.test(line)) {
      if (member && !member.up) down(member, line)
      else unparsed(draft, 'other', raw)
    }
  }
  for (const { name, up, error } of draft.members) {
    if (!up) draft.refusals.push(error ?? `no answer to a ping of ${name}`)
  }
}

/** `hserver -l`: the client's helper says which license server it is connected to. */
export function readHserver(lines: readonly string[], draft: Draft): void {
  const fields = new Map<string, string>()
  for (const raw of lines) {
    if (raw.length > longestLine) continue
    const [, name = '', value = ''] = hserverField.exec(raw.trim()) ?? []
    if (name !== '') fields.set(name.trim().toLowerCase(), value.trim())
  }
  const server = fields.get('connected to') ?? fields.get('license server') ?? ''
  const version = fields.get('server version') ?? ''
  // "Server Version: Error - Invalid API key: Malformed authorization header"
  const failed = /^(?:error|unknown|none|not )/i.test(version) || version === ''
  const [name] = server.split(/[;\s]/)
  const member: Member = { name: memberName(name ?? ''), up: !failed }
  if (!failed) member.version = version
  else down(member, version === '' ? 'hserver tells no license server' : version)
  if (name) draft.members.push(member)
  if (failed) draft.refusals.push(member.error ?? version)
  else {
    draft.version = version
    draft.answered = true
  }
}

/** The line of a text that says why nothing answers. */
export function refusalOf(text: string): string | undefined {
  return splitLines(text).find(one => refused.test(one.slice(0, longestLine)))
}

/** Why nothing answers, if the text says so. */
export function readRefusal(text: string, draft: Draft): boolean {
  const line = refusalOf(text)
  if (line === undefined) return false
  draft.refusals.push(line.trim().slice(0, 1000))
  return true
}

function down(member: Member, why: string): void {
  member.up = false
  member.error ??= why
}

function memberName(written: string): string {
  return readAddress(written)?.name ?? written
}
