import type { EventDraft } from '../catalogue.ts'
import type { LogEntry } from '../model.ts'
import { featureKey } from '../state.ts'
import type { Carried } from './announced.ts'

/** One understood line of a vendor log and where it stands. */
export interface LogLine {
  entry: LogEntry
  path: string
  /** Tells this file from another one of the same name. */
  fingerprint: string
  /** Of the line's first byte. */
  offset: number
  /** Hash of server, fingerprint and offset: the event's id. */
  id: string
}

/** Names as the privacy policy wants them in events; undefined = left out. */
export interface EventNames {
  user(name: string | undefined): string | undefined
  host(name: string | undefined): string | undefined
}

export interface DenialEvent {
  draft: EventDraft
  carried: Carried
}

/** Retries of one user for one feature within a minute of log time are one event with a count. */
export interface Denials<Line extends LogLine> {
  /** Every understood line: those that are no denial let time go on. */
  add(line: Line): void
  /**
   * Events of the minutes that are over; call it when a slice of the log is read to its end, and
   * now and then, because a log that stands still ends its minute too.
   * @param resume where reading goes on while these lines are not yet in a written event
   */
  take(now: Date, resume: (unwritten: readonly Line[]) => unknown): DenialEvent[]
  /** First lines of the minutes that are still open. */
  open(): Line[]
}

const windowSeconds = 60

interface Minute<Line> {
  minute: number
  /** Wall clock, Unix seconds. */
  openedAt: number
  /** By user and feature: plain names that never leave this map. */
  groups: Map<string, { line: Line; count: number }>
}

/**
 * Of one license server. The events that one `take` gives are written in their order, and only the
 * last of them moves `resume` beyond them all: a restart between them repeats events with the same
 * ids and makes no others.
 */
export function createDenials<Line extends LogLine>(
  server: { name: string; manager: string },
  names: EventNames,
  now: () => Date,
): Denials<Line> {
  const open = new Map<string, Minute<Line>>()
  let over: Minute<Line>[] = []

  function close(path: string): void {
    const minute = open.get(path)
    if (minute) over.push(minute)
    open.delete(path)
  }

  /** The earliest unwritten line of each file. */
  function firstLines(minutes: Iterable<Minute<Line>>): Line[] {
    const first = new Map<string, Line>()
    for (const { groups } of minutes) {
      for (const { line } of groups.values()) {
        const key = `${line.path}\n${line.fingerprint}`
        const known = first.get(key)
        if (!known || line.offset < known.offset) first.set(key, line)
      }
    }
    return [...first.values()]
  }

  return {
    add(line) {
      const { entry, path } = line
      const minute = Math.floor(entry.at / windowSeconds)
      if (open.get(path)?.minute !== minute) close(path)
      if (entry.kind !== 'denial') return
      let current = open.get(path)
      if (!current) {
        current = { minute, openedAt: now().getTime() / 1000, groups: new Map() }
        open.set(path, current)
      }
      const group = `${entry.user ?? ''}\n${featureKey(entry.vendor, entry.feature)}`
      const known = current.groups.get(group)
      if (known) known.count++
      else current.groups.set(group, { line, count: 1 })
    },
    take(at, resume) {
      const limit = at.getTime() / 1000 - windowSeconds
      for (const [path, { openedAt }] of open) if (openedAt <= limit) close(path)
      if (over.length === 0) return []
      const closed = over
      over = []
      const until = resume(firstLines([...closed, ...open.values()]))
      const after = resume(firstLines(open.values()))
      const events = closed.flatMap(({ groups, minute }) =>
        [...groups.values()].map(group => event(server, group, minute, until, names)),
      )
      const last = events.at(-1)?.carried.origin
      if (last) last.resume = after
      return events
    },
    open: () => firstLines([...over, ...open.values()]),
  }
}

function event(
  { name, manager }: { name: string; manager: string },
  { line, count }: { line: LogLine; count: number },
  minute: number,
  resume: unknown,
  names: EventNames,
): DenialEvent {
  const { path, fingerprint, offset, id } = line
  const denial = line.entry as Extract<LogEntry, { kind: 'denial' }>
  const user = names.user(denial.user)
  const host = names.host(denial.host)
  return {
    draft: {
      event: 'license_feature.denied',
      msg: 'Checkout was denied',
      attributes: {
        server: name,
        manager,
        vendor: denial.vendor,
        feature: denial.feature,
        ...(user !== undefined && { user }),
        ...(host !== undefined && { host }),
        reason: denial.reason,
        count,
        window_seconds: windowSeconds,
      },
    },
    carried: {
      id,
      at: new Date((minute + 1) * windowSeconds * 1000),
      origin: { server: name, path, fingerprint, offset, resume },
    },
  }
}
