import type { LogEntry } from '../../model.ts'
import { intern } from '../intern.ts'
import { denialReason } from './denial.ts'
import { mayGoOn, seatsOf } from './log-entry.ts'
import { longestLogLine } from './log-line.ts'

const lineFeed = 10
const carriageReturn = 13
const blank = 32
const quote = 34
const open = 40
const close = 41
const colon = 58
const atSign = 64
const letterD = 68
const letterO = 79
const none = -1

/** What follows user@host; a log has a few hundred of them. */
interface Tail {
  seats: number | undefined
  /** Of a refusal; undefined where its line may go on. */
  denial: ReturnType<typeof denialReason> | undefined
  /** A checkout's line may go on. */
  open: boolean
}

const noTail: Tail = { seats: undefined, denial: undefined, open: false }

/**
 * The plainest lines from their bytes, a tenth of the cost of `logLine` and `logEvent` and with the
 * same results: ASCII, one blank where the daemon writes one, a quoted feature, one `@`. All other
 * lines are left to them.
 * @param timeOf takes the time of day of a line that was understood and gives its instant
 * @returns see LogReader.readBytes
 */
export function plainLines(timeOf: (second: number) => number) {
  const words = intern(text => text)
  const holders = intern(text => {
    const at = text.indexOf('@')
    return { user: text.slice(0, at), host: text.slice(at + 1) }
  })
  const tails = intern((tail): Tail => {
    // What a vendor has told besides is read word by word.
    if (tail.includes('^^^')) return { seats: undefined, denial: undefined, open: true }
    const goesOn = mayGoOn({ kind: 'DENIED', tail })
    return {
      ...{ seats: undefined, ...seatsOf(tail) },
      denial: goesOn ? undefined : denialReason(tail),
      open: mayGoOn({ kind: 'OUT', tail }),
    }
  })
  /** Where the line that `line` took ends. */
  let end = 0

  /** The entry of the line at `from`; null = nothing that we count; undefined = left to `read`. */
  function line(bytes: Uint8Array, from: number): LogEntry | null | undefined {
    let at = from
    while (bytes[at] === blank) at++
    let hour = digit(bytes[at++])
    if (bytes[at] !== colon) hour = hour * 10 + digit(bytes[at++])
    const minute = digit(bytes[at + 1]) * 10 + digit(bytes[at + 2])
    const second = digit(bytes[at + 4]) * 10 + digit(bytes[at + 5])
    if (!(hour <= 23 && minute <= 59 && second <= 60)) return undefined
    if (bytes[at] !== colon || bytes[at + 3] !== colon || bytes[at + 6] !== blank) return undefined
    if (bytes[at + 7] !== open) return undefined
    const daemon = at + 8
    at = wordEnd(bytes, daemon)
    if (at === daemon || at - daemon > 64 || bytes[at] !== close || bytes[at + 1] !== blank) {
      return undefined
    }
    const daemonEnd = at
    const body = at + 2
    const time = hour * 3600 + minute * 60 + Math.min(second, 59)
    const feature = featureStart(bytes, body)
    if (feature === none) {
      end = idleEnd(bytes, body)
      if (end === none || end - from > longestLogLine) return undefined
      timeOf(time)
      return null
    }
    at = feature
    while (isText(bytes[at]) && bytes[at] !== quote) at++
    const featureEnd = at
    if (featureEnd === feature || bytes[at] !== quote || bytes[at + 1] !== blank) return undefined
    const user = at + 2
    at = nameEnd(bytes, user)
    if (at === user || bytes[at] !== atSign) return undefined
    const host = at + 1
    at = nameEnd(bytes, host)
    const hostEnd = at
    if (hostEnd === host) return undefined
    while (bytes[at] === blank) at++
    const tailStart = at
    if (tailStart - hostEnd > 30) return undefined
    if (bytes[at] === open) while (isText(bytes[at])) at++
    let tailEnd = at
    while (tailEnd > tailStart && bytes[tailEnd - 1] === blank) tailEnd--
    if (bytes[at] === carriageReturn) at++
    if (bytes[at] !== lineFeed || at - from > longestLogLine) return undefined
    const tail = tailEnd === tailStart ? noTail : tails(bytes, tailStart, tailEnd)
    const who = holders(bytes, user, hostEnd)
    const first = bytes[body]
    if (first === letterD ? !tail.denial : tail.open) return undefined
    end = at
    const instant = timeOf(time)
    const vendor = words(bytes, daemon, daemonEnd)
    const name = words(bytes, feature, featureEnd)
    if (first !== letterD) {
      return {
        kind: first === letterO ? 'checkout' : 'checkin',
        at: instant,
        vendor,
        feature: name,
        user: who.user,
        host: who.host,
        seats: tail.seats ?? 1,
      }
    }
    return {
      kind: 'denial',
      at: instant,
      vendor,
      feature: name,
      user: who.user,
      host: who.host,
      ...(tail.denial ?? { reason: 'other' }),
      ...(tail.seats !== undefined && { seats: tail.seats }),
    }
  }

  return (bytes: Uint8Array, from: number, into: LogEntry[]): number => {
    let at = from
    while (at < bytes.length) {
      const entry = line(bytes, at)
      if (entry === undefined) return at
      if (entry !== null) into.push(entry)
      at = end + 1
    }
    return at
  }
}

/** NaN for what is no digit: every comparison with it fails. */
function digit(byte: number | undefined): number {
  return byte !== undefined && byte >= 48 && byte <= 57 ? byte - 48 : Number.NaN
}

function isText(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 32 && byte < 127
}

/** Of a daemon: no blank, no parenthesis. */
function wordEnd(bytes: Uint8Array, from: number): number {
  let at = from
  for (let byte = bytes[at]; isText(byte); byte = bytes[++at]) {
    if (byte === blank || byte === open || byte === close) break
  }
  return at
}

/** Of a user or a host: no blank, no `@`. A user that begins with `(` may be a checkout's key. */
function nameEnd(bytes: Uint8Array, from: number): number {
  let at = from
  if (bytes[at] === open) return at
  for (let byte = bytes[at]; isText(byte); byte = bytes[++at]) {
    if (byte === blank || byte === atSign) break
  }
  return at
}

const events = ['OUT: "', 'IN: "', 'DENIED: "'].map(text => Buffer.from(text))

/** Behind `OUT: "`, `IN: "` or `DENIED: "`; none where the line begins with something else. */
function featureStart(bytes: Uint8Array, body: number): number {
  const first = bytes[body]
  for (const event of events) {
    if (event[0] !== first) continue
    let i = 1
    while (i < event.length && bytes[body + i] === event[i]) i++
    if (i === event.length) return body + i
  }
  return none
}

/** First letters of bodies that may tell an event, a date, a start or an end. */
const speaking = new Set([...'OIDUQFfSE'].map(letter => letter.charCodeAt(0)))

/**
 * The end of a line that says nothing that we count; none where it may: `… Time: …`,
 * `Start-Date: …`, `x exited with status 0`.
 */
function idleEnd(bytes: Uint8Array, body: number): number {
  // A second blank behind the daemon.
  if (bytes[body] === blank) return none
  // `TIMESTAMP`, but not the many lines `TCP_NODELAY NOT enabled`.
  if (speaking.has(bytes[body] as number) || (bytes[body] === 84 && bytes[body + 1] === 73)) {
    return none
  }
  let at = body
  let before = 0
  for (let byte = bytes[at] as number; byte !== lineFeed; byte = bytes[++at] as number) {
    // `e:` of Time and Start-Date, `ex` of exited.
    if (before === 101 && (byte === colon || byte === 120)) return none
    if (byte === 0 || at >= bytes.length) return none
    before = byte
  }
  return at
}
