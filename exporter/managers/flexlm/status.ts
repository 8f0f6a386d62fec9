import { readMachines } from './address.ts'
import {
  type Block,
  type Draft,
  emptyDraft,
  type Heading,
  type Section,
  unparsedLines,
} from './draft.ts'
import { listColumns, listRow } from './features.ts'
import { headingText } from './heading.ts'
import { incrementLine, incrementRest, incrementSum, incrementUser } from './increments.ts'
import { eachLine } from './lines.ts'
import { type Reader, show } from './reader.ts'
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
import { repeated, settleHolders, takeCheckout } from './take-checkout.ts'

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

function takeLine(reader: Reader, trimmed: string): boolean {
  return (
    takeRow(reader, trimmed) ||
    takeHeading(reader, trimmed) ||
    takeIncrement(reader, trimmed) ||
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
  const heading = openHeading(reader, found.name, onlyDaemon(reader.daemons))
  if (found.told === undefined) return false
  Object.assign(heading, found.told)
  reader.draft.recognised = true
  reader.draft.headings.push(heading)
  return true
}

function openHeading(reader: Reader, name: string, daemon: string | undefined): Heading {
  const { length } = reader.draft.checkouts
  reader.mode = 'feature'
  reader.daemonsEnded = true
  reader.heading = {
    name,
    daemon,
    vendor: daemon,
    uncounted: false,
    reservations: [],
    first: length,
    end: length,
    seats: 0,
  }
  return reader.heading
}

function takeIncrement(reader: Reader, trimmed: string): boolean {
  const { draft } = reader
  const increment = incrementLine(trimmed)
  if (increment) {
    const { used, ...row } = increment
    const heading = openHeading(reader, increment.feature, increment.vendor)
    Object.assign(heading, { issued: row.seats, used })
    draft.recognised = true
    draft.headings.push(heading)
    draft.rows.push({ ...row, increment: true })
    return true
  }
  const under = reader.heading
  const rest = under && incrementRest(trimmed)
  if (rest) {
    const { queued, reservation } = rest
    // Its figure of use is without them, as no other layout's is.
    under.used = (under.used ?? 0) + reservation.seats
    if (reservation.seats > 0) under.reservations.push(reservation)
    under.queued = (under.queued ?? 0) + queued
    return true
  }
  const user = under && incrementUser(trimmed)
  if (user) {
    draft.checkouts.push({ vendor: '', feature: under.name, ...user, state: 'active' })
    under.end = draft.checkouts.length
    under.seats += user.seats
    return true
  }
  return incrementSum.test(trimmed) || /^[=#]{20,}$/.test(trimmed)
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
