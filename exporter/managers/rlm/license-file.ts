import { excerpt, longestLine, splitLines } from '../lines.ts'
import { expiry, monthNumber, zone } from '../time.ts'
import type { Draft, InstalledLine } from './draft.ts'

export const licenseKeyword = /^(HOST|SERVER|ISV|DAEMON|LICENSE|FEATURE|UPGRADE|CUSTOMER)(?=\s|$)/i
/** FEATURE and SERVER stand in other managers' files too; these lines make a file RLM's. */
export const licenseFileMark =
  /^[ \t]*(?:LICENSE[ \t]+\S+[ \t]+\S+[ \t]+[\w.]*\d[\w.]*[ \t]+(?:permanent|\d{1,2}-[a-z]{3}-\d{1,4})(?:[ \t]|$)|ISV[ \t]+[\w.-]+(?:[ \t]+[^\s|]|$)|HOST[ \t]+\S+[ \t]+\S+)/i

/**
 * `LICENSE isv product version exp-date count sig=… options`, over several lines without a mark:
 * what begins with no keyword belongs to the line before. Counted lines are pools of the server
 * also where they are locked to a host; uncounted, single, token and metered ones are none.
 */
export function readLicenseFile(
  text: string,
  draft: Draft,
  context: { now: Date; timeZone: string },
): void {
  const before = new Set(draft.installed.map(({ text: one }) => one))
  for (const line of logicalLines(text)) {
    const word = licenseKeyword.exec(line)?.[1]?.toUpperCase()
    if (word !== 'LICENSE' && word !== 'FEATURE') {
      if (word === undefined) draft.unparsed.push({ section: 'license_file', line: excerpt(line) })
      continue
    }
    const read = license(line, context)
    if (read === undefined) draft.unparsed.push({ section: 'license_file', line: excerpt(line) })
    else if (read !== 'not counted' && !before.has(line)) draft.installed.push(read)
  }
}

/**
 * What the files together would give: newer lines replace older ones, and an expired line is
 * history once a valid line of its product stands with it.
 */
export function effective(lines: readonly InstalledLine[]): InstalledLine[] {
  const since = replacements(lines)
  const valid = new Set(lines.filter(one => one.valid).map(productKey))
  return lines.filter(
    one => !isReplaced(one, since) && !(one.expired && valid.has(productKey(one))),
  )
}

function productKey({ vendor, name }: InstalledLine): string {
  return `${vendor.toLowerCase()}\n${name.toLowerCase()}`
}

function logicalLines(text: string): string[] {
  const lines: string[] = []
  for (const raw of splitLines(text)) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const last = lines.at(-1)
    if (licenseKeyword.test(line) || last === undefined) lines.push(line)
    else if (last.length < longestLine) lines[lines.length - 1] = `${last} ${line}`
  }
  return lines
}

function license(
  line: string,
  context: { now: Date; timeZone: string },
): InstalledLine | 'not counted' | undefined {
  const [, vendor = '', name = '', version = '', expires = '', count = ''] = line.split(/\s+/, 7)
  if (count === '') return undefined
  if (!/^[1-9]\d{0,8}$/.test(count)) {
    return /^(?:0|uncounted|single|token\w*|meter\w*|named\w*)$/i.test(count)
      ? 'not counted'
      : undefined
  }
  const read = expiry(expires, context.timeZone)
  if (!read) return undefined
  const now = context.now.getTime() / 1000
  const start = day(option(line, 'start'), context.timeZone)
  const expired = !read.permanent && read.at < now
  return {
    vendor,
    name,
    version,
    seats: Number(count),
    expiry: read,
    valid: !expired && (start === undefined || start <= now),
    expired,
    issued: day(option(line, 'issued'), context.timeZone),
    replaces: replaced(line, name),
    text: line,
  }
}

function option(line: string, name: string): string | undefined {
  const match = new RegExp(`\\s${name}=(?:"([^"]*)"|(\\S+))`, 'i').exec(line)
  return match?.[1] ?? match?.[2]
}

function replaced(line: string, name: string): string[] | undefined {
  const listed = option(line, 'replace')
  if (listed !== undefined) return listed.toLowerCase().split(/\s+/)
  return /\sreplace(?=\s|$)/i.test(line) ? [name.toLowerCase()] : undefined
}

/** By publisher and product: the newest license that replaces it, and its issue date. */
function replacements(licenses: readonly InstalledLine[]): Map<string, InstalledLine> {
  const newest = new Map<string, InstalledLine>()
  for (const one of licenses) {
    if (!one.valid) continue
    for (const name of one.replaces ?? []) {
      const key = `${one.vendor.toLowerCase()}\n${name}`
      const known = newest.get(key)
      if (!known || (one.issued ?? 0) > (known.issued ?? 0)) newest.set(key, one)
    }
  }
  return newest
}

/** Superseded are older licenses by their issue date, and those without one. */
function isReplaced(one: InstalledLine, since: Map<string, InstalledLine>): boolean {
  const newer = since.get(productKey(one))
  if (!newer || newer === one) return false
  if (one.issued === undefined) return one.replaces === undefined
  return newer.issued !== undefined && one.issued < newer.issued
}

/** First second of `1-jan-2026` on the server's wall clock. */
function day(text: string | undefined, timeZone: string): number | undefined {
  const [, date = '', name = '', year = ''] =
    /^(\d{1,2})-([a-z]{3})-(\d{4})$/i.exec(text ?? '') ?? []
  const month = monthNumber(name)
  if (month === undefined) return undefined
  return zone(timeZone).instant(Number(year), month, Number(date))
}
