import type { Stretch } from '../history/coverage.ts'
import { type FeatureUsage, hoursAtOrAbove } from '../history/usage.ts'

export interface Report {
  manager: string
  timeZone: string
  stretches: readonly Stretch[]
  workdays: boolean
  /** Numbers of seats that were asked for. */
  seats: readonly number[]
  features: readonly FeatureUsage[]
}

export function textReport(report: Report): string {
  const head = [
    'vendor',
    'feature',
    'peak',
    'p99',
    'p95',
    'mean',
    'h at peak',
    ...report.seats.map(seats => `h ≥ ${seats}`),
    'denials',
    'checkouts',
    'peak at',
  ]
  const rows = report.features.map(one => [
    printable(one.vendor),
    printable(one.feature),
    String(one.peak),
    String(one.p99),
    String(one.p95),
    one.mean.toFixed(1),
    hours(one, Math.max(1, one.peak)),
    ...report.seats.map(seats => hours(one, seats)),
    String(denials(one)),
    String(one.checkouts),
    one.peakAt === undefined ? '' : time(one.peakAt),
  ])
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map(row => (row[column] ?? '').length)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column < 2 || column === head.length - 1
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  const about = report.stretches.map(({ from, to }) => `${time(from)} to ${time(to)}`).join(', ')
  const days = report.workdays ? `Monday to Friday in ${report.timeZone}` : 'all days'
  return `${[
    `Logs from ${about}; ${days}.`,
    `p99 = seats that were enough for 99 % of the time; h = hours at or above so many seats.`,
    '',
    line(head),
    ...rows.map(line),
  ].join('\n')}\n`
}

export function csvReport(report: Report): string {
  const head = [
    'manager',
    'vendor',
    'feature',
    'peak',
    'p99',
    'p95',
    'mean',
    'hours_at_peak',
    ...report.seats.map(seats => `hours_at_or_above_${seats}`),
    'denials',
    'checkouts',
    'peak_at',
  ]
  const rows = report.features.map(one => [
    report.manager,
    one.vendor,
    one.feature,
    one.peak,
    one.p99,
    one.p95,
    round(one.mean),
    round(hoursAtOrAbove(one, Math.max(1, one.peak))),
    ...report.seats.map(seats => round(hoursAtOrAbove(one, seats))),
    denials(one),
    one.checkouts,
    one.peakAt === undefined ? '' : time(one.peakAt),
  ])
  return [head, ...rows].map(row => `${row.map(cell).join(',')}\n`).join('')
}

export function jsonReport(report: Report): string {
  const features = report.features.map(one => ({
    vendor: one.vendor,
    feature: one.feature,
    peak: one.peak,
    ...(one.peakAt !== undefined && { peak_at: time(one.peakAt) }),
    p99: one.p99,
    p95: one.p95,
    mean: round(one.mean),
    hours_at_or_above: levels(one, report.seats).map(seats => ({
      seats,
      hours: round(hoursAtOrAbove(one, seats)),
    })),
    denials: denials(one),
    denials_by_reason: Object.fromEntries(one.denials),
    checkouts: one.checkouts,
  }))
  const covered = report.stretches.map(({ from, to }) => ({ from: time(from), to: time(to) }))
  const { manager, workdays, timeZone } = report
  return `${JSON.stringify({ manager, covered, workdays, time_zone: timeZone, features }, null, 2)}\n`
}

/** Every level that was seen and every one that was asked for. */
function levels({ secondsAt }: FeatureUsage, seats: readonly number[]): number[] {
  return [...new Set([...secondsAt.keys(), ...seats])].filter(one => one > 0).sort((a, b) => a - b)
}

function denials(one: FeatureUsage): number {
  return [...one.denials.values()].reduce((sum, count) => sum + count, 0)
}

function hours(one: FeatureUsage, seats: number): string {
  return hoursAtOrAbove(one, seats).toFixed(1)
}

function time(unix: number): string {
  return new Date(unix * 1000).toISOString().replace('.000Z', 'Z')
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** A spreadsheet runs what begins like a formula: a log must not bring one. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Escape sequences of a log must not reach the terminal. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?')
}
