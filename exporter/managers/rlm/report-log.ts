import type { LogEntry, LogSubject } from '../../model.ts'
import { denialReason } from './denial.ts'
import type { LogClock, LogTime } from './log-clock.ts'

/** What later lines of a report log need of earlier ones. */
export interface ReportState {
  vendor: string
  /** The small format tells a check-in by the handle of its checkout alone. */
  handles: [handle: string, subject: HeldSubject][]
}

type HeldSubject = Omit<LogSubject, 'at' | 'vendor'>

const mostHandles = 20_000
const record = /^(?:OUT|IN|DENY|QUE|DEQUE|START|SHUTDOWN|END)\s/
const isv = /^ISV:\s*([^,\s]+)/
const timestamp = /^(\d{2})\/(\d{2})\/(\d{4}) (\d{2}):(\d{2})(?::(\d{2}))?\s*$/
const token = /"[^"]*"|\S+/g

/** Reads records of all three formats: std, detailed and small. */
export class ReportReader {
  readonly #clock: LogClock
  #vendor = 'unknown'
  readonly #handles = new Map<string, HeldSubject>()

  constructor(clock: LogClock) {
    this.#clock = clock
  }

  state(): ReportState {
    return { vendor: this.#vendor, handles: [...this.#handles] }
  }

  restore(state: ReportState): void {
    this.#vendor = state.vendor
    for (const [handle, subject] of state.handles) this.#handles.set(handle, subject)
  }

  read(text: string): LogEntry | undefined {
    const name = isv.exec(text)
    if (name?.[1]) this.#vendor = name[1]
    const stamp = timestamp.exec(text)
    if (stamp) this.#clock.at(dated(stamp[1], stamp[2], stamp[3], stamp[4], stamp[5], stamp[6]))
    if (!record.test(text)) return undefined
    const fields = text.match(token) ?? []
    switch (fields[0]) {
      case 'OUT':
        return this.#out(fields)
      case 'IN':
        return this.#in(fields)
      case 'DENY':
        return this.#deny(fields)
      case 'QUE':
        return this.#queue(fields)
      case 'DEQUE':
        return this.#dequeue(fields)
      default:
        return this.#serverRecord(fields)
    }
  }

  /** `START host mm/dd/yyyy hh:mm`, `SHUTDOWN user host mm/dd hh:mm:ss`, `END mm/dd/yyyy hh:mm` */
  #serverRecord(fields: readonly string[]): LogEntry | undefined {
    const at = this.#time(fields, 1)
    if (at === undefined || fields[0] === 'END') return undefined
    return { kind: fields[0] === 'START' ? 'start' : 'stop', at, vendor: this.#vendor }
  }

  /** `OUT product version pool# user host "isv_def" count …`; small: no pool, and hh:mm at the end. */
  #out(fields: readonly string[]): LogEntry | undefined {
    const small = !fields.some(isDate)
    const found = this.#subject(fields, 1, small ? 3 : 4)
    const at = this.#time(fields, 7)
    if (!found || at === undefined) return undefined
    const seats = whole(fields[found.after])
    const handle = fields[found.after + (small ? 1 : 3)]
    if (seats === undefined) return undefined
    if (handle) this.#hold(handle, found.subject)
    return { kind: 'checkout', at, vendor: this.#vendor, ...found.subject, seats }
  }

  /** `IN why product version user host "isv_def" count …`; small: `IN why count handle hh:mm`. */
  #in(fields: readonly string[]): LogEntry | undefined {
    const at = this.#time(fields, 4)
    if (at === undefined) return undefined
    if (fields.length <= 5) {
      const subject = this.#handles.get(fields[3] ?? '')
      const seats = whole(fields[2])
      this.#handles.delete(fields[3] ?? '')
      return subject && seats !== undefined
        ? { kind: 'checkin', at, vendor: this.#vendor, ...subject, seats }
        : undefined
    }
    const found = this.#subject(fields, 2, 4)
    const seats = whole(fields[found?.after ?? -1])
    if (!found || seats === undefined) return undefined
    this.#handles.delete(fields[found.after + 3] ?? '')
    return { kind: 'checkin', at, vendor: this.#vendor, ...found.subject, seats }
  }

  /**
   * `DENY product version user host "isv_def" count why last_attempt mm/dd hh:mm`. With last_attempt
   * 0 the program asks elsewhere: "not true denials of the license to the application".
   */
  #deny(fields: readonly string[]): LogEntry | undefined {
    const found = this.#subject(fields, 1, 3)
    const at = this.#time(fields, 6)
    if (!found || at === undefined) return undefined
    const [count, code, lastAttempt] = fields.slice(found.after)
    const seats = whole(count)
    if (code === undefined || !/^-?\d+$/.test(code) || !/^-?\d+$/.test(lastAttempt ?? '')) {
      return undefined
    }
    if (Number(lastAttempt) === 0) return undefined
    return {
      kind: 'denial',
      at,
      vendor: this.#vendor,
      ...found.subject,
      reason: denialReason(code),
      code,
      ...(seats === undefined ? {} : { seats }),
    }
  }

  /** `QUE product version user host "isv_def" count handle …` */
  #queue(fields: readonly string[]): LogEntry | undefined {
    const found = this.#subject(fields, 1, 3)
    const at = this.#time(fields, 6)
    if (!found || at === undefined) return undefined
    const seats = whole(fields[found.after])
    this.#hold(fields[found.after + 1] ?? '', found.subject)
    return this.#waiting('queued', at, found.subject, seats)
  }

  /** `DEQUE why product version user host "isv_def" count handle …`; small: `DEQUE why count handle hh:mm`. */
  #dequeue(fields: readonly string[]): LogEntry | undefined {
    const at = this.#time(fields, 4)
    if (at === undefined) return undefined
    if (fields.length <= 5) {
      const subject = this.#handles.get(fields[3] ?? '')
      return subject && this.#waiting('dequeued', at, subject, whole(fields[2]))
    }
    const found = this.#subject(fields, 2, 4)
    return found && this.#waiting('dequeued', at, found.subject, whole(fields[found.after]))
  }

  #waiting(
    kind: 'queued' | 'dequeued',
    at: number,
    subject: HeldSubject,
    seats: number | undefined,
  ): LogEntry {
    const counted = seats === undefined ? {} : { seats }
    return { kind, at, vendor: this.#vendor, ...subject, ...counted }
  }

  /**
   * Product at `product`, user at `user`, host behind it, then `"isv_def"`. Empty names are `""`;
   * a user with blanks makes more fields, so the quoted isv_def before a number marks the end.
   */
  #subject(
    fields: readonly string[],
    product: number,
    user: number,
  ): { subject: HeldSubject; after: number } | undefined {
    const feature = fields[product]
    const end = fields.findIndex(
      (field, index) =>
        index >= user + 2 && field.startsWith('"') && whole(fields[index + 1]) !== undefined,
    )
    if (!feature || end < 0) return undefined
    const name = fields.slice(user, end - 1).join(' ')
    const host = fields[end - 1] ?? ''
    const subject: HeldSubject = { feature }
    if (name !== '' && name !== '""') subject.user = name
    if (host !== '' && host !== '""') subject.host = host
    return { subject, after: end + 1 }
  }

  /** `mm/dd[/yyyy] hh:mm[:ss[.tenths]]`, or the `hh:mm` that ends a line of the small format. */
  #time(fields: readonly string[], from: number): number | undefined {
    for (let index = Math.min(from, 1); index < fields.length - 1; index++) {
      const date = /^(\d{2})\/(\d{2})(?:\/(\d{4}))?$/.exec(fields[index] ?? '')
      const clock = /^(\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?$/.exec(fields[index + 1] ?? '')
      if (index >= from && date && clock) {
        return this.#clock.at(dated(date[1], date[2], date[3], clock[1], clock[2], clock[3]))
      }
    }
    const small = /^(\d{2}):(\d{2})$/.exec(fields.at(-1) ?? '')
    return small ? this.#clock.at({ hour: Number(small[1]), minute: Number(small[2]) }) : undefined
  }

  #hold(handle: string, subject: HeldSubject): void {
    this.#handles.delete(handle)
    this.#handles.set(handle, subject)
    if (this.#handles.size <= mostHandles) return
    const [oldest] = this.#handles.keys()
    if (oldest !== undefined) this.#handles.delete(oldest)
  }
}

function isDate(field: string): boolean {
  return /^\d{2}\/\d{2}$/.test(field)
}

function whole(field: string | undefined): number | undefined {
  return field !== undefined && /^\d{1,9}$/.test(field) ? Number(field) : undefined
}

function dated(
  month: string | undefined,
  day: string | undefined,
  year: string | undefined,
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
): LogTime {
  return {
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    ...(year ? { year: Number(year) } : {}),
    ...(second ? { second: Number(second) } : {}),
  }
}
