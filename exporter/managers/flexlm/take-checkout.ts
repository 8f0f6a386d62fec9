import type { Checkout } from '../../model.ts'
import { type CheckoutLine, checkoutLine } from './checkout-line.ts'
import type { Heading } from './draft.ts'
import { type Holder, holder, isUncertain, plainHolder } from './head.ts'
import { type Reader, show } from './reader.ts'

/** A checkout or a queued request below its heading; false = the line is none. */
export function takeCheckout(reader: Reader, under: Heading, line: string): boolean {
  const found = checkoutLine(line)
  if (!found) return false
  const startedAt = found.start === undefined ? undefined : reader.startTime(found.start)
  // Cut in its date, or a date of a form that nobody knows: not counted as a seat.
  if (found.start !== undefined && startedAt === undefined) return false
  const { draft } = reader
  const plain = plainHolder(found.head)
  const checkout =
    plain && startedAt !== undefined
      ? plainCheckout(reader, under, found, plain, startedAt)
      : rareCheckout(reader, under, found, startedAt)
  if (found.lingerSeconds !== undefined) checkout.lingerSeconds = found.lingerSeconds
  draft.checkouts.push(checkout)
  show(reader, under)
  under.end = draft.checkouts.length
  if (found.state !== 'queued') under.seats += found.seats
  return true
}

/** One literal, one shape: thousands of lines are so. */
function plainCheckout(
  reader: Reader,
  under: Heading,
  { version, seats, state }: CheckoutLine,
  { user, host, display }: Required<Holder>,
  startedAt: number,
): Checkout {
  return {
    vendor: under.vendor ?? '',
    feature: under.name,
    version: reader.version(version),
    user,
    host,
    display: reader.display(display),
    seats,
    startedAt,
    state,
  }
}

function rareCheckout(
  reader: Reader,
  under: Heading,
  { head, version, seats, state }: CheckoutLine,
  startedAt: number | undefined,
): Checkout {
  const { vendor = '', name: feature } = under
  const checkout: Checkout = { vendor, feature, version, seats, state }
  setHolder(checkout, holder(head))
  if (startedAt !== undefined) checkout.startedAt = startedAt
  if (isUncertain(head)) reader.uncertain.push({ checkout, head })
  return checkout
}

function setHolder(checkout: Checkout, { user, host, display }: Holder): void {
  checkout.user = user
  if (host !== undefined) checkout.host = host
  if (display !== undefined) checkout.display = display
}

/** Lines that could be split twice, by the machines that other lines name for certain. */
export function settleHolders({ uncertain, draft }: Reader): void {
  if (uncertain.length === 0) return
  const open = new Set(uncertain.map(({ checkout }) => checkout))
  const machines = new Set<string>()
  for (const checkout of draft.checkouts) {
    if (checkout.host !== undefined && !open.has(checkout))
      machines.add(checkout.host.toLowerCase())
  }
  for (const { checkout, head } of uncertain) setHolder(checkout, holder(head, machines))
}

/** Versions and displays repeat from line to line: one string for equal neighbours. */
export function repeated(): (text: string) => string {
  let last = ''
  return text => {
    if (text !== last) last = text
    return last
  }
}
