import type { Checkout, Feature, LogEntry, Snapshot } from '../model.ts'
import { unreconciled } from '../reconcile.ts'
import { featureKey } from '../state.ts'
import { clean, day, minute, number, table } from './table.ts'

/** Pure: what `parse` prints of a snapshot. Several thousand checkouts are shown whole. */
export function snapshotText(manager: string, text: string, snapshot: Snapshot): string {
  const parts = [
    [headline(manager, text, snapshot)],
    machines(snapshot),
    features(snapshot),
    pools(snapshot),
    checkouts(snapshot.checkouts),
    unparsed(snapshot),
    reconciliation(snapshot),
  ]
  return `${parts
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`
}

function headline(manager: string, text: string, { status }: Snapshot): string {
  const version = status.version ? `, version ${clean(status.version)}` : ''
  if (!status.up)
    return `${manager} ${text}: down (${status.reason}): ${clean(status.message)}${version}`
  return `${manager} ${text}: ${status.assumed ? 'does not tell whether the server is up' : 'up'}${version}`
}

function machines({ members, daemons }: Snapshot): string[] {
  const rows = [
    ...members.map(one => [
      one.master ? 'master' : 'member',
      one.name,
      one.up ? 'up' : 'down',
      one.version ?? '',
      one.error ?? '',
    ]),
    ...daemons.map(one => [
      'vendor daemon',
      one.vendor,
      one.up ? 'up' : 'down',
      one.version ?? '',
      one.error ?? '',
    ]),
  ]
  if (rows.length === 0) return []
  return table(['MACHINE', 'NAME', 'STATE', 'VERSION', 'SAYS'], rows, [])
}

function features({ features, checkouts }: Snapshot): string[] {
  if (features.length === 0) return ['no features']
  const sums = new Map<string, Record<Checkout['state'], number>>()
  for (const { vendor, feature, seats, state } of checkouts) {
    const key = featureKey(vendor, feature)
    const sum = sums.get(key) ?? { active: 0, borrowed: 0, queued: 0 }
    sum[state] += state === 'queued' ? 1 : seats
    sums.set(key, sum)
  }
  const rows = features.map(one => {
    const sum = sums.get(featureKey(one.vendor, one.name))
    return [
      one.vendor,
      one.name,
      one.counting === 'uncounted' ? 'uncounted' : number(one.issued),
      number(one.used),
      number(sum && sum.active + sum.borrowed),
      number(sum?.borrowed || undefined),
      number(reserved(one)),
      number((sum?.queued ?? 0) + (one.queued ?? 0) || undefined),
      one.problems.join(', '),
    ]
  })
  const titles = [
    'VENDOR',
    'FEATURE',
    'ISSUED',
    'USED',
    'OUT',
    'BORROWED',
    'RESERVED',
    'QUEUED',
    '',
  ]
  const right = 'right' as const
  return table(titles, rows, ['left', 'left', right, right, right, right, right, right])
}

function reserved({ reserved: told, reservations }: Feature): number | undefined {
  if (reservations.length === 0) return told
  return reservations.reduce((sum, { seats }) => sum + seats, 0)
}

function pools({ pools }: Snapshot): string[] {
  if (pools.length === 0) return []
  const rows = pools.map(one => [
    one.vendor,
    one.feature,
    one.version,
    number(one.seats),
    number(one.used),
    one.permanent ? 'permanent' : one.expiresAt === undefined ? '' : day(one.expiresAt),
    one.source === 'file' ? 'license file' : 'served',
    one.id,
  ])
  const titles = ['VENDOR', 'POOL OF', 'VERSION', 'SEATS', 'USED', 'EXPIRES', 'FROM', 'ID']
  return table(titles, rows, ['left', 'left', 'left', 'right', 'right'])
}

function checkouts(list: readonly Checkout[]): string[] {
  if (list.length === 0) return []
  const rows = list.map(one => [
    one.feature,
    one.user ?? '',
    one.host ?? '',
    number(one.seats),
    one.state === 'active' ? '' : one.state,
    one.startedAt === undefined ? '' : minute(one.startedAt),
    one.version ?? '',
  ])
  const titles = ['CHECKOUT OF', 'USER', 'HOST', 'SEATS', 'STATE', 'SINCE', 'VERSION']
  return table(titles, rows, ['left', 'left', 'left', 'right'])
}

function unparsed({ unparsed }: Snapshot): string[] {
  if (unparsed.length === 0) return ['every line was understood']
  const sections = Map.groupBy(unparsed, ({ section }) => section)
  return [...sections].flatMap(([section, lines]) => [
    `not understood in section ${section}: ${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`,
    ...lines.map(({ line }) => `  ${clean(line.length > 500 ? `${line.slice(0, 500)}…` : line)}`),
  ])
}

function reconciliation(snapshot: Snapshot): string[] {
  const all = unreconciled(snapshot)
  if (all.length === 0) return ['checkouts and reservations add up to what is in use']
  return [
    `${all.length} of ${snapshot.features.length} features do not add up`,
    ...table(
      ['VENDOR', 'FEATURE', 'IN USE', 'LISTED'],
      all.map(one => [one.vendor, one.feature, number(one.used), number(one.listed)]),
      ['left', 'left', 'right', 'right'],
    ),
  ]
}

export interface LogSummary {
  lines: number
  entries: number
  kind: Record<string, number>
  /** By feature, then by kind. */
  feature: Record<string, Record<string, number>>
  /** Denials by reason. */
  reason: Record<string, number>
}

export function summarise(entries: readonly LogEntry[], lines: number): LogSummary {
  const kind = new Map<string, number>()
  const reason = new Map<string, number>()
  const feature = new Map<string, Map<string, number>>()
  const add = (counts: Map<string, number>, key: string) =>
    counts.set(key, (counts.get(key) ?? 0) + 1)
  for (const entry of entries) {
    add(kind, entry.kind)
    if (entry.kind === 'denial') add(reason, entry.reason)
    if (!('feature' in entry)) continue
    const counts = feature.get(entry.feature) ?? new Map<string, number>()
    feature.set(entry.feature, counts)
    add(counts, entry.kind)
  }
  return {
    lines,
    entries: entries.length,
    kind: Object.fromEntries(kind),
    feature: Object.fromEntries([...feature].map(([name, one]) => [name, Object.fromEntries(one)])),
    reason: Object.fromEntries(reason),
  }
}

export function logText(manager: string, text: string, summary: LogSummary): string {
  const counts = (of: Record<string, number>) =>
    Object.entries(of)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')
  const kinds = ['checkout', 'checkin', 'denial', 'queued', 'dequeued']
  const rows = Object.entries(summary.feature)
    .sort(
      ([, a], [, b]) => (b.denial ?? 0) - (a.denial ?? 0) || (b.checkout ?? 0) - (a.checkout ?? 0),
    )
    .map(([name, of]) => [name, ...kinds.map(kind => number(of[kind]))])
  const right = kinds.map(() => 'right' as const)
  return `${[
    `${manager} ${text}: lines ${summary.lines}, understood as entries ${summary.entries}`,
    ...(summary.entries > 0 ? [`by kind: ${counts(summary.kind)}`] : []),
    ...(Object.keys(summary.reason).length > 0 ? [`denials: ${counts(summary.reason)}`] : []),
    ...(rows.length > 0
      ? [
          '',
          ...table(['FEATURE', 'OUT', 'IN', 'DENIED', 'QUEUED', 'DEQUEUED'], rows, [
            'left',
            ...right,
          ]),
        ]
      : []),
  ].join('\n')}\n`
}
