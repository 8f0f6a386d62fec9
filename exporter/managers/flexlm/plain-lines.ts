import type { Hint, LogEntry } from '../../model.ts'
import { intern, viewOf } from '../intern.ts'
import type { LogBatch } from '../manager.ts'
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
const caret = 94
const letterD = 68
const letterO = 79
const none = -1

const longestDaemon = 64
/** `0:00:00 (d) ` */
const shortest = 12

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
  const features = intern((name): Hint & { name: string } => ({ name, place: none }))
  const holders = intern((text): Hint & { user: string; host: string } => {
    const at = text.indexOf('@')
    return { user: text.slice(0, at), host: text.slice(at + 1), place: none }
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
  /** The daemon of the line before, as bytes and as text: line after line is of the same. */
  let newest: { bytes: Uint8Array; name: string } = { bytes: new Uint8Array(0), name: '' }

  /** Where the daemon's name ends; the newest is compared and not looked for. */
  function daemonEnd(bytes: Uint8Array, from: number): number {
    const known = newest.bytes
    let i = 0
    while (i < known.length && known[i] === bytes[from + i]) i++
    if (i > 0 && i === known.length && bytes[from + i] === close) return from + i
    const found = spanEnd(bytes, from, daemonByte)
    if (found > from && bytes[found] === close) {
      const name = bytes.slice(from, found)
      newest = { bytes: name, name: String.fromCharCode(...name.subarray(0, longestDaemon)) }
    }
    return found
  }

  /**
   * The entry of the line at `from`, in place of the entry before if it can be filled again; null = nothing that we count; undefined = left to `read`.
   */
  function line(
    bytes: Uint8Array,
    view: DataView,
    from: number,
    before: LogEntry | undefined,
  ): LogEntry | null | undefined {
    let at = from
    while (bytes[at] === blank) at++
    if (at + shortest > bytes.length) return undefined
    let hour = digit(bytes[at++] as number)
    if (bytes[at] !== colon) hour = hour * 10 + digit(bytes[at++] as number)
    // `:MM:` and `SS (`
    const minute = twoDigits(bytes, at + 1)
    const second = twoDigits(bytes, at + 4)
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
      return undefined
    }
    if (bytes[at] !== colon || bytes[at + 3] !== colon || view.getInt16(at + 6) !== blankOpen) {
      return undefined
    }
    const daemon = at + 8
    at = daemonEnd(bytes, daemon)
    if (at === daemon || at - daemon > longestDaemon || bytes[at] !== close) return undefined
    if (bytes[at + 1] !== blank) return undefined
    const body = at + 2
    const vendor = newest.name
    const time = hour * 3600 + minute * 60 + (second > 59 ? 59 : second)
    const feature = featureStart(bytes, view, body)
    if (feature === none) {
      end = idleEnd(bytes, body)
      if (end === none || end - from > longestLogLine) return undefined
      timeOf(time)
      return null
    }
    const featureEnd = spanEnd(bytes, feature, featureByte)
    if (featureEnd === feature || bytes[featureEnd] !== quote) return undefined
    const user = featureEnd + 2
    // A user that begins with `(` may be a checkout's key.
    if (bytes[user - 1] !== blank || bytes[user] === open) return undefined
    const userEnd = spanEnd(bytes, user, nameByte)
    const host = userEnd + 1
    if (userEnd === user || bytes[userEnd] !== atSign || bytes[host] === open) return undefined
    const hostEnd = spanEnd(bytes, host, nameByte)
    if (hostEnd === host) return undefined
    at = hostEnd
    while (bytes[at] === blank) at++
    const tailStart = at
    if (tailStart - hostEnd > 30) return undefined
    if (bytes[at] === open) at = spanEnd(bytes, at, textByte)
    let tailEnd = at
    while (tailEnd > tailStart && bytes[tailEnd - 1] === blank) tailEnd--
    if (bytes[at] === carriageReturn) at++
    if (bytes[at] !== lineFeed || at - from > longestLogLine) return undefined
    const tail = tailEnd === tailStart ? noTail : tails(bytes, view, tailStart, tailEnd)
    const who = holders(bytes, view, user, hostEnd)
    const first = bytes[body]
    if (first === letterD ? !tail.denial : tail.open) return undefined
    end = at
    const instant = timeOf(time)
    const what = features(bytes, view, feature, featureEnd)
    if (first !== letterD) {
      const entry = before && isSeat(before) ? before : blankEntry()
      entry.kind = first === letterO ? 'checkout' : 'checkin'
      entry.at = instant
      entry.vendor = vendor
      entry.feature = what.name
      entry.user = who.user
      entry.host = who.host
      entry.featureHint = what
      entry.holderHint = who
      entry.seats = tail.seats ?? 1
      return entry
    }
    return {
      kind: 'denial',
      at: instant,
      vendor,
      feature: what.name,
      user: who.user,
      host: who.host,
      featureHint: what,
      holderHint: who,
      ...(tail.denial ?? { reason: 'other' }),
      ...(tail.seats !== undefined && { seats: tail.seats }),
    }
  }

  return (bytes: Uint8Array, from: number, into: LogBatch): number => {
    const view = viewOf(bytes)
    const { entries } = into
    let { size } = into
    let at = from
    while (at < bytes.length) {
      const entry = line(bytes, view, at, entries[size])
      if (entry === undefined) break
      if (entry !== null) entries[size++] = entry
      at = end + 1
    }
    into.size = size
    return at
  }
}

type SeatEntry = LogEntry & { kind: 'checkout' | 'checkin' }

/** An entry that was made here. */
function isSeat(entry: LogEntry): entry is SeatEntry {
  return (entry.kind === 'checkout' || entry.kind === 'checkin') && entry.holderHint !== undefined
}

function blankEntry(): SeatEntry {
  const hint = { place: none }
  const names = { vendor: '', feature: '', user: '', host: '' }
  return { kind: 'checkout', at: 0, ...names, featureHint: hint, holderHint: hint, seats: 0 }
}

/** Negative for what is no digit. */
function digit(byte: number): number {
  const value = byte - 48
  return value < 0 || value > 9 ? -100 : value
}

function twoDigits(bytes: Uint8Array, at: number): number {
  return digit(bytes[at] as number) * 10 + digit(bytes[at + 1] as number)
}

/** What a byte may be part of: printable ASCII, and of that not everything; `^^^` ends what is plain. */
const textByte = 1
const featureByte = 2
const nameByte = 4
const daemonByte = 8
const kinds = new Uint8Array(256)
for (let byte = 32; byte < 127; byte++) {
  kinds[byte] =
    textByte |
    (byte === quote || byte === caret ? 0 : featureByte) |
    (byte === blank || byte === atSign || byte === caret ? 0 : nameByte) |
    (byte === blank || byte === open || byte === close ? 0 : daemonByte)
}

/** Where bytes of this kind end; the last line ends with a line feed, which is of none. */
function spanEnd(bytes: Uint8Array, from: number, kind: number): number {
  let at = from
  while (((kinds[bytes[at] as number] as number) & kind) !== 0) at++
  return at
}

/** The first bytes of `OUT: "`, `IN: "` and `DENIED: "`, read as numbers. */
const [outColon, inColon, deni, edColon, blankQuote, blankOpen] = [
  ...[0x4f55543a, 0x494e3a20, 0x44454e49, 0x45443a20],
  ...[0x2022, 0x2028],
]

/** Behind `OUT: "`, `IN: "` or `DENIED: "`; none where the line begins with something else. */
function featureStart(bytes: Uint8Array, view: DataView, body: number): number {
  if (body + 10 > bytes.length) return none
  const begin = view.getInt32(body)
  if (begin === outColon) return view.getInt16(body + 4) === blankQuote ? body + 6 : none
  if (begin === inColon) return bytes[body + 4] === quote ? body + 5 : none
  if (begin !== deni || view.getInt32(body + 4) !== edColon) return none
  return bytes[body + 8] === quote ? body + 9 : none
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
