import type { Checkout } from '../../model.ts'
import { readMachines } from './address.ts'
import { type CheckoutLine, checkoutLine } from './checkout-line.ts'
import {
  type Block,
  type Draft,
  emptyDraft,
  type Heading,
  type Section,
  unparsedLines,
} from './draft.ts'
import { type Columns, listColumns, listRow } from './features.ts'
import { type Holder, holder, isUncertain, plainHolder } from './head.ts'
import { headingText } from './heading.ts'
import { eachLine } from './lines.ts'
import {
  daemonLine,
  isFailure,
  isNoise,
  memberLine,
  outageLine,
  poolLine,
  reservationLine,
} from './rows.ts'
import { captureTime, startTimes } from './start-time.ts'

interface Reader {
  draft: Draft
  timeZone: string
  mode: 'other' | 'server' | 'daemon' | 'feature' | 'feature_list'
  block: Block | undefined
  heading: Heading | undefined
  /** Daemons of the list that stands above the next headings. */
  daemons: { vendor: string; up: boolean }[]
  /** A heading followed: the next daemon begins a new list. */
  daemonsEnded: boolean
  columns: Columns | undefined
  startTime: (text: string) => number | undefined
  version: (text: string) => string
  display: (text: string) => string
  /** Checkouts whose user, host and display need what other lines tell. */
  uncertain: { checkout: Checkout; head: string }[]
  unparsed: (section: Section, line: string) => void
}

/** No line of these texts is longer; a `vendor_string` of 500 characters was seen. */
const longestLine = 65_536

/**
 * The answer of `lmstat -a`, of `lmstat -i`, of both one after the other, or a part of one. Each
 * line says by itself what it is; the mode only decides for lines that say too little.
 */
export function readStatus(text: string, now: Date, timeZone: string): Draft {
  const draft = emptyDraft()
  const reader: Reader = {
    draft,
    timeZone,
    mode: 'other',
    block: undefined,
    heading: undefined,
    daemons: [],
    daemonsEnded: false,
    columns: undefined,
    startTime: startTimes(now, timeZone),
    version: repeated(),
    display: repeated(),
    uncertain: [],
    unparsed: unparsedLines(draft.unparsed),
  }
  eachLine(text, line => {
    if (reader.heading && takeCheckout(reader, reader.heading, line)) return
    if (line.length > longestLine) return reader.unparsed(sectionOf(reader, line), line)
    const trimmed = line.trim()
    if (trimmed === '' || takeLine(reader, trimmed)) return
    if (isNoise(trimmed, reader.mode === 'feature')) return
    reader.unparsed(sectionOf(reader, trimmed), trimmed)
  })
  settleHolders(reader)
  return draft
}

function sectionOf(reader: Reader, line: string): Section {
  if (line.startsWith('Users of')) return 'feature'
  return reader.mode === 'feature' && reader.heading ? 'checkout' : reader.mode
}

function takeCheckout(reader: Reader, under: Heading, line: string): boolean {
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

/** A heading without numbers is a feature only when lines below it make it one. */
function show(reader: Reader, heading: Heading): void {
  const { headings } = reader.draft
  if (headings.at(-1) !== heading) headings.push(heading)
}

function takeLine(reader: Reader, trimmed: string): boolean {
  return (
    takeRow(reader, trimmed) ||
    takeHeading(reader, trimmed) ||
    takeDetail(reader, trimmed) ||
    takeServer(reader, trimmed) ||
    takeTitle(reader, trimmed)
  )
}

function takeRow(reader: Reader, trimmed: string): boolean {
  const columns = listColumns(trimmed)
  if (columns) {
    reader.mode = 'feature_list'
    reader.heading = undefined
    reader.columns = columns
    reader.draft.recognised = true
    return true
  }
  if (reader.mode !== 'feature_list' || !reader.columns) return false
  const row = listRow(trimmed, reader.columns)
  if (row) reader.draft.rows.push(row)
  return row !== undefined
}

function takeHeading(reader: Reader, trimmed: string): boolean {
  if (!trimmed.startsWith('Users of')) return false
  reader.mode = 'feature'
  reader.heading = undefined
  const served = /^Users of features served by (\S+?):?$/.exec(trimmed)
  if (served) {
    reader.daemons = [{ vendor: served[1] ?? '', up: true }]
    reader.daemonsEnded = true
    return true
  }
  const found = headingText(trimmed)
  if (!found) return false
  const { draft } = reader
  reader.daemonsEnded = true
  const daemon = onlyDaemon(reader.daemons)
  const heading: Heading = {
    name: found.name,
    daemon,
    vendor: daemon,
    uncounted: false,
    reservations: [],
    first: draft.checkouts.length,
    end: draft.checkouts.length,
    seats: 0,
  }
  reader.heading = heading
  if (found.told === undefined) return false
  Object.assign(heading, found.told)
  draft.recognised = true
  draft.headings.push(heading)
  return true
}

/** Two daemons in one list: whose a feature is its own lines must tell. */
function onlyDaemon(daemons: Reader['daemons']): string | undefined {
  const up = daemons.filter(daemon => daemon.up)
  const candidates = up.length > 0 ? up : daemons
  return candidates.length === 1 ? candidates[0]?.vendor : undefined
}

function takeDetail(reader: Reader, trimmed: string): boolean {
  const { heading, draft } = reader
  if (!heading) return false
  const reservation = reservationLine(trimmed)
  if (reservation) {
    show(reader, heading)
    heading.reservations.push(reservation)
    return true
  }
  const pool = poolLine(trimmed)
  if (!pool) return false
  // The heading's name wins over the pool line's; whose it is the pool line knows better. Two
  // daemons that serve one name list each other's pools: then the daemon above has it.
  const above = heading.daemon?.toLowerCase()
  if (draft.pools.at(-1)?.heading !== heading) heading.vendor = pool.vendor
  else if (pool.vendor.toLowerCase() === above) heading.vendor = pool.vendor
  show(reader, heading)
  draft.pools.push({ ...pool, feature: heading.name, heading })
  return true
}

function takeServer(reader: Reader, trimmed: string): boolean {
  const { draft, mode } = reader
  const member = memberLine(trimmed, mode === 'server')
  if (member) {
    // `license server UP (MASTER) v11.19`: the only machine that was listed.
    if (member.host === '') member.host = reader.block?.listed[0]?.host ?? ''
    if (member.host === '') return false
    openBlock(reader).members.push(member)
    reader.mode = 'server'
    return true
  }
  const daemon = daemonLine(trimmed, mode === 'daemon')
  if (daemon) {
    draft.recognised = true
    draft.daemons.push(daemon)
    if (reader.daemonsEnded) reader.daemons = []
    reader.daemonsEnded = false
    reader.daemons.push(daemon)
    reader.heading = undefined
    reader.mode = 'daemon'
    return true
  }
  const outage =
    outageLine(trimmed) ??
    ((mode === 'server' || mode === 'other') && isFailure(trimmed) ? trimmed : undefined)
  if (outage === undefined) return false
  openBlock(reader).error ??= outage
  return true
}

function openBlock(reader: Reader): Block {
  reader.draft.recognised = true
  if (reader.block) return reader.block
  const block: Block = { listed: [], members: [] }
  reader.block = block
  reader.draft.blocks.push(block)
  return block
}

function takeTitle(reader: Reader, trimmed: string): boolean {
  if (trimmed.startsWith('License server status:')) {
    reader.block = undefined
    openBlock(reader).listed = readMachines(trimmed.slice(22))
    reader.mode = 'server'
    reader.heading = undefined
    reader.daemons = []
    return true
  }
  if (trimmed.startsWith('Vendor daemon status')) {
    reader.mode = 'daemon'
    reader.heading = undefined
    return true
  }
  if (/^Feature usage info:?$/.test(trimmed)) {
    reader.mode = 'feature'
    reader.heading = undefined
    return true
  }
  if (/^-{5,}$/.test(trimmed)) {
    // Two servers in one output.
    reader.mode = 'other'
    reader.block = undefined
    reader.heading = undefined
    reader.daemons = []
    return true
  }
  const dated = /^(?:Flexible License Manager status on |[A-Z][a-z]{2} \d)/.test(trimmed)
  const asOf = dated ? captureTime(trimmed, reader.timeZone) : undefined
  if (!asOf) return false
  reader.startTime = startTimes(asOf, reader.timeZone)
  return true
}

function settleHolders({ uncertain, draft }: Reader): void {
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
function repeated(): (text: string) => string {
  let last = ''
  return text => {
    if (text !== last) last = text
    return last
  }
}
