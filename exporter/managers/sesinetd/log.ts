import type { LogEntry } from '../../model.ts'
import { longestLine } from '../lines.ts'
import type { LogContext, LogReader } from '../manager.ts'
import { zone } from '../time.ts'
import { vendor } from './license.ts'

/** `04:15:19 03/30/22 sesinetd: …`: the time first, then month, day and year. */
const timeFirst =
  /(\d{1,2}):(\d{2}):(\d{2})(?:\.\d+)?\s+(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})\s+sesinetd(?:\[\d+\])?:\s*(.*)$/i
/** `2022-03-30 04:15:19 sesinetd: …` */
const dateFirst =
  /(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ]+(\d{1,2}):(\d{2}):(\d{2})(?:[.,]\d+)?\s+sesinetd(?:\[\d+\])?:\s*(.*)$/i
/** `Usage: 0/0/0 Houdini/NonGraphic/Render [Peak 1/0/0]` */
const usage = /^Usage: ?([\d/]+) ([^[\]]+)\[Peak ([\d/]+)\]/i
/** `QueueStats: 4975 requests 1/280 peak/fail` */
const queue = /^QueueStats:\s*\d+ requests?\s+\d+\/(\d{1,15})\s+peak\/fail/i

export const logMark = /\bsesinetd(?:\[\d+\])?:\s*(?:Usage|QueueStats):/i

/** The server's own log: what is in use, the peak by product group, and requests that failed. */
export function sesinetdLogReader(context: LogContext): LogReader {
  const local = zone(context.timeZone)
  let lastAt: number | undefined

  function time(numbers: readonly (string | undefined)[]): number | undefined {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = numbers.map(Number)
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) {
      return undefined
    }
    const full = year < 100 ? 2000 + year : year
    return local.instant(full, month, day, hour, minute, second)
  }

  return {
    read(line: string): LogEntry | undefined {
      if (line.length > longestLine) return undefined
      const first = timeFirst.exec(line)
      const other = first ? null : dateFirst.exec(line)
      const at = first
        ? time([first[6], first[4], first[5], first[1], first[2], first[3]])
        : other
          ? time(other.slice(1, 7))
          : undefined
      if (at === undefined) return undefined
      lastAt = Math.max(lastAt ?? at, at)
      const text = (first ?? other)?.[7] ?? ''
      return peak(text, at) ?? refusedTotal(text, at)
    },
    get lastAt() {
      return lastAt
    },
    state: () => (lastAt === undefined ? {} : { lastAt }),
    restore(state: unknown) {
      const kept = (state as { lastAt?: unknown } | undefined)?.lastAt
      if (typeof kept === 'number') lastAt = kept
    },
  }
}

/** As many numbers as groups, or the line is not this one. */
function peak(text: string, at: number): LogEntry | undefined {
  const [, usedText = '', groupText = '', peakText = ''] = usage.exec(text) ?? []
  const groups = groupText.split('/').map(group => group.trim())
  const used = usedText.split('/').map(Number)
  const peaks = peakText.split('/').map(Number)
  if (groupText === '' || used.length !== groups.length || peaks.length !== groups.length) {
    return undefined
  }
  const [first, ...others] = groups.map((group, index) => ({
    group,
    used: used[index] ?? 0,
    peak: peaks[index] ?? 0,
  }))
  if (!first) return undefined
  return { kind: 'peak', at, vendor, ...first, ...(others.length > 0 ? { others } : {}) }
}

function refusedTotal(text: string, at: number): LogEntry | undefined {
  const total = queue.exec(text)?.[1]
  return total === undefined
    ? undefined
    : { kind: 'refused_total', at, vendor, total: Number(total) }
}
