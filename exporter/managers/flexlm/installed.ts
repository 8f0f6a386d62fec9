import { expiry, zone } from '../time.ts'
import type { LicenseFile, LicenseLine, Package } from './license-file.ts'

/** One line of capacity of the license files, packages taken apart. */
export interface FileLine {
  vendor: string
  feature: string
  version: string
  expiry: string
  /** undefined = uncounted. */
  seats: number | undefined
  /** Begun and not expired: what the server would grant after a reread. */
  valid: boolean
  expired: boolean
  /** Bound to one client's machine. */
  locked: boolean
  /** A package's own line: its components are what can be checked out. */
  packageOnly: boolean
}

/**
 * What the files beside the server would give: INCREMENTs add, of FEATUREs of one name and version
 * the first counts, SUPERSEDE removes older lines, components of a PACKAGE multiply.
 */
export function fileLines(files: readonly LicenseFile[], now: Date, timeZone: string): FileLine[] {
  const effective = withoutSuperseded(unique(files), timeZone)
  const packages = files.flatMap(file => file.packages)
  const features = new Set<string>()
  const found: FileLine[] = []
  for (const line of effective) {
    if (line.keyword === 'FEATURE' && line.seats !== undefined) {
      const key = `${line.vendor.toLowerCase()}\n${line.feature}\n${line.version}`
      if (features.has(key)) continue
      features.add(key)
    }
    const end = expiry(line.expiry, timeZone)
    const expired = end !== undefined && !end.permanent && end.at < now.getTime() / 1000
    const valid = end !== undefined && !expired && hasBegun(line, now, timeZone)
    const pack = packageOf(line, packages)
    const locked = line.hostid !== undefined && !/^(?:ANY|DEMO)$/i.test(line.hostid)
    const own = { vendor: line.vendor, expiry: line.expiry, valid, expired, locked }
    found.push({
      ...own,
      feature: line.feature,
      version: line.version,
      seats: line.seats,
      packageOnly: pack !== undefined && !pack.suite && pack.components.length > 0,
    })
    for (const component of pack?.components ?? []) {
      found.push({
        ...own,
        feature: component.name,
        version: component.version ?? line.version,
        seats: line.seats === undefined ? undefined : line.seats * component.count,
        packageOnly: false,
      })
    }
  }
  return found
}

/** One license kept in two files is one license; equal lines in one file are two increments. */
function unique(files: readonly LicenseFile[]): LicenseLine[] {
  const seen = new Set<string>()
  const found: LicenseLine[] = []
  for (const file of files) {
    found.push(...file.lines.filter(line => !seen.has(line.text)))
    for (const line of file.lines) seen.add(line.text)
  }
  return found
}

function withoutSuperseded(lines: LicenseLine[], timeZone: string): LicenseLine[] {
  /** When the newest line that replaces this vendor's feature was issued. */
  const since = new Map<string, number>()
  const signed = new Map<string, string[]>()
  for (const line of lines) {
    const at = issuedAt(line, timeZone)
    for (const feature of at === undefined ? [] : (line.supersedes ?? [])) {
      const key = `${line.vendor.toLowerCase()}\n${feature}`
      since.set(key, Math.max(since.get(key) ?? 0, at ?? 0))
    }
    for (const { feature, sign } of line.supersedesSigned ?? []) {
      const key = `${line.vendor.toLowerCase()}\n${feature}`
      signed.set(key, [...(signed.get(key) ?? []), sign])
    }
  }
  if (since.size === 0 && signed.size === 0) return lines
  return lines.filter(line => {
    const key = `${line.vendor.toLowerCase()}\n${line.feature}`
    const limit = since.get(key)
    if (limit !== undefined && (issuedAt(line, timeZone) ?? 0) < limit) return false
    const { sign } = line
    return !(sign !== undefined && signed.get(key)?.some(one => sign.startsWith(one)))
  })
}

function issuedAt(line: LicenseLine, timeZone: string): number | undefined {
  const read = expiry(line.issued ?? line.start ?? '', timeZone)
  return read && !read.permanent ? read.at : undefined
}

/** `expiry` gives the end of a day; a license begins with it. */
function hasBegun(line: LicenseLine, now: Date, timeZone: string): boolean {
  const start = line.start === undefined ? undefined : expiry(line.start, timeZone)
  if (!start || start.permanent) return true
  return beginOfDay(start.at, timeZone) <= now.getTime() / 1000
}

/**
 * Lines of files beside an answer that still say something: an expired one is history once a line
 * of its feature that is valid stands with it.
 */
export function withoutHistory(lines: readonly FileLine[]): FileLine[] {
  const keyOf = ({ vendor, feature }: FileLine) => `${vendor.toLowerCase()}\n${feature}`
  const valid = new Set(lines.filter(line => line.valid).map(keyOf))
  return lines.filter(line => !line.expired || !valid.has(keyOf(line)))
}

function beginOfDay(at: number, timeZone: string): number {
  const { year, month, day } = zone(timeZone).date(at)
  return zone(timeZone).instant(year, month, day)
}

/** The package that this line enables: of several versions its own. */
function packageOf(line: LicenseLine, packages: readonly Package[]): Package | undefined {
  const named = packages.filter(
    one => one.name === line.feature && one.vendor.toLowerCase() === line.vendor.toLowerCase(),
  )
  return named.find(one => one.version === line.version) ?? named[0]
}
