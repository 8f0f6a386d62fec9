import type { LogReader } from '../../exporter/managers/manager.ts'
import type { LogEntry } from '../../exporter/model.ts'

/** A log of these tests alone: `<unix> OUT|IN|DENIED|START|STOP vendor feature user seats`. */
export function toyReader(): LogReader {
  let lastAt: number | undefined
  return {
    read(line) {
      const [time = '', kind, vendor = '', feature = '', user = '', seats = '1'] = line.split(' ')
      const at = Number(time)
      if (!Number.isFinite(at) || !kind) return undefined
      lastAt = at
      const subject = { at, vendor, feature, user }
      switch (kind) {
        case 'OUT':
          return { kind: 'checkout', ...subject, seats: Number(seats) }
        case 'IN':
          return { kind: 'checkin', ...subject, seats: Number(seats) }
        case 'DENIED':
          return { kind: 'denial', ...subject, reason: 'no_seats' }
        case 'START':
          return { kind: 'start', at, vendor }
        case 'STOP':
          return { kind: 'stop', at, vendor }
        default:
          return undefined
      }
    },
    get lastAt() {
      return lastAt
    },
    state: () => lastAt,
    restore() {},
  }
}

export function toyLine(entry: LogEntry): string {
  if (entry.kind === 'start' || entry.kind === 'stop') {
    return `${entry.at} ${entry.kind.toUpperCase()} ${entry.vendor}`
  }
  if (!('feature' in entry)) throw new Error(entry.kind)
  const words = { checkout: 'OUT', checkin: 'IN', denial: 'DENIED', queued: 'Q', dequeued: 'D' }
  const seats = 'seats' in entry ? (entry.seats ?? 1) : 1
  return `${entry.at} ${words[entry.kind]} ${entry.vendor} ${entry.feature} ${entry.user} ${seats}`
}
