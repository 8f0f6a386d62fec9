import type { CheckoutState } from '../../model.ts'

/** One line below a feature's heading, cut where it can be cut for certain. */
export interface CheckoutLine {
  /** `user host display`, unsplit. */
  head: string
  version: string
  seats: number
  state: CheckoutState
  /** `Fri 10/20 16:40`, as written; undefined for a queued request. */
  start: string | undefined
  lingerSeconds: number | undefined
}

/**
 * `    ann pc01 :0 (v1.0) (lic1/27000 101), start Mon 2/10 0:10, 2 licenses (linger: 60 / 600), PID: 8`
 * `    ann pc01 :0 (v1.0) (lic1/27000 101), start Mon 2/10 0:10, borrow-return Tue 2/11 9:00`
 * `    ann pc01 :0 (v1.0) (lic1/27000 101) queued for 1 license`
 *
 * Read from the right: displays may hold parentheses and blanks, what follows them may not.
 */
export function checkoutLine(line: string): CheckoutLine | undefined {
  let end = line.lastIndexOf('), start ')
  const queued = end < 0
  if (queued) end = line.lastIndexOf(') queued for ')
  if (end < 0) return undefined
  // Between the two stand `(server/port handle)` and before it `(v…)`.
  const server = line.lastIndexOf(' (', end)
  if (server < 2 || line.charCodeAt(server - 1) !== closing) return undefined
  const version = line.lastIndexOf('(v', server - 1)
  if (version < 1 || line.charCodeAt(version - 1) > blank) return undefined
  const head = line.slice(0, version).trim()
  if (head === '') return undefined
  const versionText = line.slice(version + 2, server - 1)
  if (queued) {
    const seats = /^(\d+) licenses?\b/.exec(line.slice(end + 13))
    if (!seats) return undefined
    return {
      head,
      version: versionText,
      seats: Number(seats[1]),
      state: 'queued',
      start: undefined,
      lingerSeconds: undefined,
    }
  }
  const tail = line.slice(end + 9)
  const cut = startEnd(tail)
  const start = tail.slice(0, cut).trimEnd()
  if (cut === tail.length) {
    return {
      head,
      version: versionText,
      seats: 1,
      state: 'active',
      start,
      lingerSeconds: undefined,
    }
  }
  const rest = tail.slice(cut, cut + longestTail)
  const linger = /\(linger: (\d+)/.exec(rest)
  // "(linger: 0 / 86400)" was seen on a live session: that is no borrow.
  const lingerSeconds = linger ? Number(linger[1]) : undefined
  const taken = /^\s*,?\s*(\d+) licenses?\b|, borrow-return [^,()]*, (\d+) licenses?\b/.exec(rest)
  return {
    head,
    version: versionText,
    seats: Number(taken?.[1] ?? taken?.[2] ?? 1),
    state: lingerSeconds || rest.includes(', borrow-return ') ? 'borrowed' : 'active',
    start,
    lingerSeconds,
  }
}

const closing = 41
const blank = 32
const longestTail = 200

/** Where the date ends: at a comma or a parenthesis. */
function startEnd(tail: string): number {
  const comma = tail.indexOf(',')
  const parenthesis = tail.indexOf('(')
  if (comma < 0 && parenthesis < 0) return tail.length
  if (comma < 0) return parenthesis
  if (parenthesis < 0) return comma
  return Math.min(comma, parenthesis)
}
