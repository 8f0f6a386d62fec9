import type { LogEntry } from '../../model.ts'
import { denialReason } from './denial.ts'
import type { LogEvent } from './log-line.ts'

/** A refusal without its reason, or a line that ends in `[…]`, may have been wrapped. */
export function mayGoOn({ kind, tail }: Pick<LogEvent, 'kind' | 'tail'>): boolean {
  if (tail.endsWith(']')) return true
  return (kind === 'DENIED' || kind === 'UNSUPPORTED') && !tail.includes('(')
}

/** `OUT: "f" user@host  (2 licenses)` */
export function seatsOf(tail: string): { seats?: number } {
  const told = /\((\d{1,9})(?: licenses?)?\)/.exec(tail)
  return told ? { seats: Number(told[1]) } : {}
}

export function entryOf(event: LogEvent, vendor: string, at: number): LogEntry {
  const { kind, feature, user, host, tail } = event
  const subject = {
    at,
    vendor,
    feature,
    ...(user !== '' && { user }),
    ...(host !== '' && { host }),
  }
  const seats = seatsOf(tail)
  switch (kind) {
    case 'OUT':
      return { kind: 'checkout', ...subject, seats: 1, ...seats }
    case 'IN':
      return { kind: 'checkin', ...subject, seats: 1, ...seats }
    case 'QUEUED':
      return { kind: 'queued', ...subject, ...seats }
    case 'DEQUEUED':
      return { kind: 'dequeued', ...subject, ...seats }
    case 'DENIED':
      return { kind: 'denial', ...subject, ...denialReason(tail), ...seats }
    case 'UNSUPPORTED': {
      const why = denialReason(tail)
      const reason = why.reason === 'other' ? 'no_such_feature' : why.reason
      return { kind: 'denial', ...subject, ...why, reason, ...seats }
    }
  }
}
