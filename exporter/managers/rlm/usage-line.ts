import type { DraftCheckout } from './draft.ts'
import type { StartTimes } from './start-times.ts'

/** Product, version and colon; what follows is who and how many. */
export const usageHead = /^[^\s:]+\s+v\d[^\s,:]*(?:,\s{0,4}pool:?\s{0,4}\d{1,9})?\s{0,4}:\s+/i
const head = /^([^\s:]+)\s+(v\d[^\s,:]*)(?:,\s{0,4}pool:?\s{0,4}\d{1,9})?\s{0,4}:\s+(\S.*)$/i
/** ` 29/0 at 11/01 09:01`: seats of the free pool and of reservations, month and day. */
const seatsAndTime =
  /\s(\d{1,9})(?:\/(\d{1,9}))?\s{1,4}at\s{1,4}(\d{1,2})\/(\d{1,2})(?:\/\d{2,4})?\s{1,4}(\d{1,2}):(\d{2})(?::\d{2})?/
const queued = /[\s(](?:(\d{1,9})(?:\/\d{1,9})?\s{1,4})?queued\b/i

/**
 * `converge_super v3.0: jo@ws1.example.com 29/0 at 11/01 09:01  (handle: 15a) `. No year and no
 * zone: the license server's local time. Names may hold dots and blanks; the last `@` before the
 * numbers divides user from host.
 */
export function readUsage(
  text: string,
  vendor: string | undefined,
  startAt: StartTimes,
): DraftCheckout | undefined {
  const [, feature = '', version = '', rest = ''] = head.exec(text) ?? []
  if (feature === '') return undefined
  const match = seatsAndTime.exec(rest)
  const waiting = !match || /queue/i.test(rest) ? queued.exec(rest) : null
  const found = waiting ?? match
  if (!found) return undefined
  const checkout: DraftCheckout = {
    vendor,
    feature,
    version,
    seats: Number(found[1] ?? 1) + (waiting ? 0 : Number(found[2] ?? 0)),
    state: waiting ? 'queued' : roaming(rest, found) ? 'borrowed' : 'active',
  }
  name(checkout, rest.slice(0, Math.min(found.index, match?.index ?? found.index)))
  if (match && !waiting) {
    const at = startAt(Number(match[3]), Number(match[4]), Number(match[5]), Number(match[6]))
    if (at !== undefined) checkout.startedAt = at
  }
  return checkout
}

/** Only what stands behind the time tells of roaming: a user may be called so. */
function roaming(rest: string, found: RegExpExecArray): boolean {
  return /\broam/i.test(rest.slice(found.index + found[0].length))
}

export function who(text: string): { user?: string; host?: string } {
  return name({}, text)
}

function name<T extends { user?: string; host?: string }>(one: T, text: string): T {
  const at = text.lastIndexOf('@')
  const user = (at < 0 ? text : text.slice(0, at)).trim()
  const host = at < 0 ? '' : text.slice(at + 1).trim()
  if (user !== '') one.user = user
  if (host !== '') one.host = host
  return one
}
