import { FEATURE, keyOf, POOL, type Row, valuesBy } from '../shared/frames.ts'
import type { Tone } from '../shared/State.tsx'
import { count, DAY, duration } from '../shared/words.ts'

type Rows = (name: string) => Row[]

export interface PoolRow {
  server: string
  manager: string
  vendor: string
  feature: string
  pool: string
  version: string
  permanent: boolean
  seats?: number
  used?: number
  /** Seconds until it ends; absent if permanent. */
  left?: number
  tone: Tone
  /** What covers it once it has ended. */
  cover: string
}

/** One row a line of capacity, with what remains when it ends; that may come later than the rest. */
export function poolRows(rows: Rows, complete = true): PoolRow[] {
  const seats = valuesBy(rows('poolSeats'), POOL)
  const used = valuesBy(rows('poolUsed'), POOL)
  const peak = valuesBy(rows('weekPeak'), FEATURE)
  const issued = valuesBy(rows('issued'), FEATURE)
  const installed = valuesBy(rows('installed'), FEATURE)
  const ending = rows('poolEnds').map(row => ({ ...row, left: row.value }))
  const endless = rows('poolEndless').map(row => ({ ...row, left: undefined }))
  return [...ending, ...endless].map(({ labels, left }) => {
    const key = keyOf(labels, POOL)
    const feature = keyOf(labels, FEATURE)
    const row: PoolRow = {
      server: labels.server ?? '',
      manager: labels.manager ?? '',
      vendor: labels.vendor ?? '',
      feature: labels.feature ?? '',
      pool: labels.pool ?? '',
      version: labels.version ?? '',
      permanent: labels.permanent === 'true',
      tone: toneOf(left),
      cover: '…',
    }
    const told = { left, seats: seats.get(key), used: used.get(key) }
    for (const name of ['left', 'seats', 'used'] as const) {
      const value = told[name]
      if (value !== undefined) row[name] = value
    }
    if (complete)
      row.cover = coverOf(row, issued.get(feature), installed.get(feature), peak.get(feature))
    return row
  })
}

export function toneOf(left: number | undefined): Tone {
  if (left === undefined) return 'unknown'
  if (left < 0) return 'critical'
  if (left < 7 * DAY) return 'critical'
  if (left < 30 * DAY) return 'warning'
  return left < 60 * DAY ? 'info' : 'good'
}

/** The seats that stay, against the most that were used at once in a week. */
function coverOf(row: PoolRow, issued?: number, installed?: number, peak?: number): string {
  if (row.left === undefined) return row.permanent ? 'does not end' : 'end is not told'
  if (issued === undefined) return 'seats are not counted'
  const different = installed !== undefined && installed !== issued
  const files = different ? `; ${count(installed, 'seat')} installed, ${issued} served` : ''
  if (row.seats === undefined) return `not told by line${files}`
  const stay = Math.max(0, row.left < 0 ? issued : issued - row.seats)
  if (peak === undefined) return `${count(stay, 'seat')} stay${files}`
  const enough = stay >= peak ? 'enough for' : 'too few for'
  return `${count(stay, 'seat')} stay, ${enough} the week's peak of ${peak}${files}`
}

export const leftWords = (row: PoolRow): string =>
  row.left === undefined
    ? row.permanent
      ? 'permanent'
      : 'not told'
    : row.left < 0
      ? `ended ${duration(row.left)} ago`
      : `in ${duration(row.left)}`

export interface Month {
  /** `2026-12` */
  month: string
  lines: number
  seats: number
  tone: Tone
}

/** How much ends in each of the months to come, past ones as one. */
export function months(rows: readonly PoolRow[], now: Date, ahead = 12): Month[] {
  const list: Month[] = Array.from({ length: ahead }, (_, index) => ({
    month: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + index, 1))
      .toISOString()
      .slice(0, 7),
    lines: 0,
    seats: 0,
    tone: 'good',
  }))
  const order: Tone[] = ['unknown', 'good', 'info', 'warning', 'critical']
  for (const row of rows) {
    if (row.left === undefined || row.left < 0) continue
    const end = new Date(now.getTime() + row.left * 1000)
    const years = end.getUTCFullYear() - now.getUTCFullYear()
    const month = list[years * 12 + end.getUTCMonth() - now.getUTCMonth()]
    if (!month) continue
    month.lines += 1
    month.seats += row.seats ?? 0
    if (order.indexOf(row.tone) > order.indexOf(month.tone)) month.tone = row.tone
  }
  return list
}
