import type { LogEntry } from '../../model.ts'
import type { LogContext, LogReader } from '../manager.ts'
import { type ClockState, logClock, toldDate } from './log-clock.ts'
import { entryOf, mayGoOn } from './log-entry.ts'
import { type LogEvent, logEvent, logLine, longestLogLine } from './log-line.ts'
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
    const { daemon, body, second } = found
    const date = found.date ?? toldDate(body)
    if (date) clock.tell(date, second)
    const at = clock.at(second)
    lastAt = at
    const event = logEvent(body)
    if (event && mayGoOn(event)) held = { event, vendor: daemon, at }
    else if (event) ready.push(entryOf(event, daemon, at))
    else {
      const change = lifeOf(body, daemon, at)
      if (change) ready.push(change)
    }
  }

  const plain = plainLines(second => {
    lastAt = clock.at(second)
    return lastAt
  })

  return {
    readBytes(bytes, from, into) {
      if (held) return from
      into.push(...ready)
      ready = []
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
