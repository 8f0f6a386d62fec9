import type { LogEntry } from '../../model.ts'
import type { LogContext, LogReader } from '../manager.ts'
import { type ClockState, logClock, toldDate } from './log-clock.ts'
import { entryOf, mayGoOn } from './log-entry.ts'
import { type LogEvent, type LogLine, logEvent, logLine, longestLogLine } from './log-line.ts'
import { plainLines } from './plain-lines.ts'

/** An event whose line may go on: `DENIED: DOORS ann@pc01  [telelogic] `, then `(Licensed …`. */
interface Held {
  event: LogEvent
  vendor: string
  at: number
}

interface State {
  clock: ClockState | undefined
  lastAt: number | undefined
  held: Held | undefined
  ready: LogEntry[]
}

/** The debug log of lmgrd and its vendor daemons. */
export function logReader(context: LogContext): LogReader {
  const clock = logClock(context.now, context.timeZone)
  let lastAt: number | undefined
  let held: Held | undefined
  /** Entries that came out two at one line: each later line gives one of them. */
  let ready: LogEntry[] = []

  function release(more = ''): void {
    if (!held) return
    const { event, vendor, at } = held
    held = undefined
    ready.push(entryOf({ ...event, tail: `${event.tail} ${more}` }, vendor, at))
  }

  function take(line: string): void {
    const found = logLine(line)
    if (!found) {
      const trimmed = held ? line.trim() : ''
      if (trimmed.startsWith('(')) release(trimmed)
      return
    }
    release()
    const { daemon, body } = found
    const at = instantOf(found)
    lastAt = at
    const event = logEvent(body)
    if (event && mayGoOn(event)) held = { event, vendor: daemon, at }
    else if (event) ready.push(entryOf(event, daemon, at))
    else {
      const change = lifeOf(body, daemon, at)
      if (change) ready.push(change)
    }
  }

  /** Its tables are made with the first bytes: `parse` reads lines alone. */
  let plain: ReturnType<typeof plainLines> | undefined

  function instantOf({ date, offset, second, body }: LogLine): number {
    const own = date && offset !== undefined ? utc(date, second) - offset : undefined
    if (own !== undefined && !Number.isNaN(own)) {
      clock.set(own)
      return own
    }
    const told = date ?? toldDate(body)
    if (told) clock.tell(told, second)
    return clock.at(second)
  }

  return {
    readBytes(bytes, from, into) {
      if (held) return from
      for (const entry of ready) into.entries[into.size++] = entry
      ready = []
      plain ??= plainLines(second => {
        lastAt = clock.at(second)
        return lastAt
      })
      return plain(bytes, from, into)
    },
    read(line) {
      if (line.length <= longestLogLine) take(line)
      return ready.length > 0 ? ready.shift() : undefined
    },
    end() {
      release()
      const rest = ready
      ready = []
      return rest
    },
    get lastAt() {
      return lastAt
    },
    get dated() {
      return clock.dated
    },
    state: (): State => ({ clock: clock.state(), lastAt, held, ready: [...ready] }),
    restore(state) {
      const before = state as Partial<State> | undefined
      if (before?.clock) clock.restore(before.clock)
      lastAt = before?.lastAt
      held = before?.held
      ready = [...(before?.ready ?? [])]
    },
  }
}

/** NaN for a day that is none. */
function utc({ year, month, day }: Exclude<LogLine['date'], undefined>, second: number): number {
  const date = new Date(Date.UTC(year, month - 1, day))
  const real = date.getUTCMonth() + 1 === month && year >= 1980 && year <= 9998
  return real ? date.getTime() / 1000 + second : Number.NaN
}

/**
 * `(mgcld) Server started on lic1 for: …`: what was out is in again. lmgrd's own lines name no
 * daemon, or one that says so itself.
 */
function lifeOf(body: string, daemon: string, at: number): LogEntry | undefined {
  if (daemon.toLowerCase() !== 'lmgrd') {
    if (/^Server started on \S+ for:/.test(body)) return { kind: 'start', at, vendor: daemon }
    if (body.startsWith('EXITING DUE TO ')) return { kind: 'stop', at, vendor: daemon }
    return undefined
  }
  const died = /^(\S+) exited with status /.exec(body)
  return died ? { kind: 'stop', at, vendor: died[1] ?? '' } : undefined
}
