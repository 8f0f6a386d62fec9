import type { Daemon, Feature, Snapshot } from '../../model.ts'
import { featureOf } from '../feature-of.ts'
import { expiry } from '../time.ts'
import { wholeDaemon, wholeFeatures } from './cut-names.ts'
import { type Draft, type Heading, type ListRow, unparsedLines } from './draft.ts'
import type { FileLine } from './installed.ts'
import { mergePools } from './pools.ts'

/** Features, pools and checkouts of a status, a feature list and license files as one. */
export type Merged = Pick<Snapshot, 'daemons' | 'features' | 'pools' | 'checkouts' | 'unparsed'>

const unknownVendor = 'unknown'

export function merge(
  draft: Draft,
  files: readonly FileLine[],
  context: { timeZone: string; hasStatus: boolean },
): Merged {
  draft.rows = wholeFeatures(
    onceTold(draft.rows),
    new Set([...draft.headings.map(({ name }) => name), ...files.map(({ feature }) => feature)]),
  )
  const names = vendorNames(draft, files)
  settleVendors(draft, names, files)
  const features = new Map<string, Feature>()
  for (const heading of draft.headings) {
    addHeading(featureOf(features, names(heading.vendor ?? unknownVendor), heading.name), heading)
  }
  for (const feature of features.values()) {
    if (feature.counting === 'uncounted') delete feature.issued
  }
  const unparsed = draft.unparsed
  const pools = mergePools(draft, files, names, context.timeZone, unparsedLines(unparsed))
  for (const pool of pools) featureOf(features, pool.vendor, pool.feature)
  if (!context.hasStatus) listOnly(draft, features, names)
  installed(files, features, names, context.timeZone)
  return {
    daemons: mergeDaemons(draft.daemons, names),
    features: [...features.values()],
    pools,
    checkouts: draft.checkouts,
    unparsed,
  }
}

/** Without the rows of a feature list whose increments are told one by one. */
function onceTold(rows: readonly ListRow[]): readonly ListRow[] {
  const told = new Set(rows.flatMap(({ increment, feature }) => (increment ? [feature] : [])))
  return told.size === 0 ? rows : rows.filter(row => row.increment || !told.has(row.feature))
}

/** Repeated headings are summed. */
function addHeading(feature: Feature, heading: Heading): void {
  const { issued, problem, queued, seats } = heading
  let { used } = heading
  // Of an uncounted feature the seats of its lines are what is used.
  if (heading.uncounted && (seats > 0 || used === undefined)) used = seats
  // Only what is issued is told: in use is what the lines hold.
  if (issued !== undefined) used ??= seats + seatsOf(heading.reservations)
  if (heading.uncounted) feature.counting = 'uncounted'
  if (issued !== undefined) feature.issued = (feature.issued ?? 0) + issued
  if (used !== undefined) feature.used = (feature.used ?? 0) + used
  if (queued !== undefined) feature.queued = (feature.queued ?? 0) + queued
  if (problem && !feature.problems.includes(problem)) feature.problems.push(problem)
  feature.reservations.push(...heading.reservations)
}

function seatsOf(reservations: Heading['reservations']): number {
  return reservations.reduce((sum, { seats }) => sum + seats, 0)
}

/** Daemon names are compared without case: one spelling for each, the daemon's own first. */
function vendorNames(draft: Draft, files: readonly FileLine[]): (vendor: string) => string {
  const spelled = new Map<string, string>()
  const add = (vendor: string | undefined) => {
    if (vendor !== undefined && !spelled.has(vendor.toLowerCase())) {
      spelled.set(vendor.toLowerCase(), vendor)
    }
  }
  const others = [...draft.pools, ...draft.rows, ...files].map(({ vendor }) => vendor)
  for (const { vendor } of draft.daemons) {
    const whole = wholeDaemon(vendor, others)
    add(whole)
    if (whole === undefined) add(vendor)
    else spelled.set(vendor.toLowerCase(), whole)
  }
  for (const vendor of others) add(vendor)
  return vendor => spelled.get(vendor.toLowerCase()) ?? vendor
}

/** Headings that no line gave a vendor: the list's or files' only one of that name, else the only one. */
function settleVendors(
  draft: Draft,
  names: (vendor: string) => string,
  files: readonly FileLine[],
): void {
  const owners = new Map<string, Set<string>>()
  const all = new Set<string>()
  for (const { vendor, feature } of [...draft.rows, ...files]) {
    const known = owners.get(feature) ?? new Set()
    owners.set(feature, known.add(names(vendor)))
    all.add(names(vendor))
  }
  for (const { vendor } of [...draft.daemons, ...draft.pools]) all.add(names(vendor))
  const only = all.size === 1 ? [...all][0] : undefined
  for (const heading of draft.headings) {
    const owner = owners.get(heading.name)
    const told = heading.vendor ?? (owner?.size === 1 ? [...owner][0] : only)
    heading.vendor = names(told ?? unknownVendor)
    for (let i = heading.first; i < heading.end; i++) {
      const checkout = draft.checkouts[i]
      if (checkout) checkout.vendor = heading.vendor
    }
  }
}

function mergeDaemons(daemons: readonly Daemon[], names: (vendor: string) => string): Daemon[] {
  const merged = new Map<string, Daemon>()
  for (const told of daemons) {
    const daemon = { ...told, vendor: names(told.vendor) }
    const key = daemon.vendor.toLowerCase()
    const known = merged.get(key)
    // The same daemon on two servers of one answer serves while one of them does.
    if (!known || (!known.up && daemon.up)) merged.set(key, daemon)
  }
  return [...merged.values()]
}

/** A feature list alone is what the server may check out, as far as anything tells. */
function listOnly(
  draft: Draft,
  features: Map<string, Feature>,
  names: (vendor: string) => string,
): void {
  for (const row of draft.rows) {
    const feature = featureOf(features, names(row.vendor), row.feature)
    if (row.seats === undefined) {
      if (feature.issued === undefined) feature.counting = 'uncounted'
    } else {
      feature.counting = 'counted'
      feature.issued = (feature.issued ?? 0) + row.seats
    }
  }
}

function installed(
  files: readonly FileLine[],
  features: Map<string, Feature>,
  names: (vendor: string) => string,
  timeZone: string,
): void {
  const served = new Set([...features.values()].filter(isServed))
  const found = new Map<Feature, FileLine[]>()
  for (const line of files) {
    if (line.packageOnly) continue
    const feature = featureOf(features, names(line.vendor), line.feature)
    const known = found.get(feature)
    if (known) known.push(line)
    else found.set(feature, [line])
  }
  for (const [feature, lines] of found) {
    const floating = lines.filter(line => line.seats !== undefined && !line.locked)
    if (!served.has(feature) && lines.every(line => line.seats === undefined)) {
      feature.counting = 'uncounted'
    }
    if (floating.length === 0) continue
    const valid = floating.filter(line => line.valid)
    feature.installed = valid.reduce((sum, line) => sum + (line.seats ?? 0), 0)
    const ends = (valid.length > 0 ? valid : floating).map(line => expiry(line.expiry, timeZone))
    if (ends.some(end => end?.permanent)) continue
    const times = ends.flatMap(end => (end && !end.permanent ? [end.at] : []))
    if (times.length > 0) feature.installedExpiresAt = Math.max(...times)
  }
}

function isServed(feature: Feature): boolean {
  return (
    feature.counting === 'uncounted' ||
    feature.issued !== undefined ||
    feature.used !== undefined ||
    feature.problems.length > 0
  )
}
