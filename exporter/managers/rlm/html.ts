import { expiry, withoutYear } from '../time.ts'
import {
  type Draft,
  type DraftCheckout,
  type DraftPool,
  daemon,
  seatCount,
  unparsed,
} from './draft.ts'
import { readTables, type Table } from './tables.ts'

interface PageContext {
  now: Date
  timeZone: string
}

type Row = (...columns: string[]) => string | undefined

/** Pages of RLM's web server carry these and nothing else does. */
export const pageMark =
  /License (?:status for ISV|pool status)|\/goform\/rlm|<title>\s*(?:Reprise|RLM)\b/i
const forIsv = /\bfor ISV\s+([\w.-]+)/i
const hiddenIsv = /name=["']?isv["']?\s+value=["']?([\w.-]+)/i

/** Answer of `/goform/rlmstat_lic_process`: usage first, pools second; either may be missing. */
export function readPage(html: string, draft: Draft, context: PageContext): void {
  const vendor = forIsv.exec(html)?.[1] ?? hiddenIsv.exec(html)?.[1]
  if (vendor) daemon(draft, vendor, true)
  for (const table of readTables(html)) readTable(table, vendor, draft, context)
}

function readTable(
  table: Table,
  vendor: string | undefined,
  draft: Draft,
  context: PageContext,
): void {
  const { columns } = table
  const reader = columns.includes('running')
    ? readIsv
    : columns.includes('product') && columns.includes('user')
      ? readUsage
      : columns.includes('product') && columns.includes('count')
        ? readPool
        : undefined
  for (const cells of table.rows) {
    const row: Row = (...names) => {
      const index = columns.findIndex(name => names.includes(name))
      return index < 0 ? undefined : cells[index]
    }
    const text = cells.join(' | ')
    if (text.replace(/[ |]/g, '') === '') continue
    if (reader ? !reader(row, draft, vendor, context) : !readStatistics(cells, draft, vendor)) {
      unparsed(draft, 'page', text)
    }
  }
}

function readPool(row: Row, draft: Draft, vendor: string | undefined, context: PageContext) {
  const name = row('product')
  const count = seatCount(row('count') ?? '')
  if (!name || (count === undefined && !/^token/i.test(row('count') ?? ''))) return false
  const pool: DraftPool = {
    vendor,
    name,
    version: row('ver', 'version') ?? '',
    line: row('pool') ?? '',
    counting: count === 'uncounted' ? 'uncounted' : count === undefined ? 'token' : 'counted',
  }
  if (typeof count === 'number') pool.seats = count
  const numbers = {
    used: seatCount(row('inuse', 'in use') ?? ''),
    reserved: seatCount(row('res', '#res', 'reservations') ?? ''),
    checkouts: seatCount(row('checkouts', 'total checkouts') ?? ''),
  }
  for (const [key, value] of Object.entries(numbers)) {
    if (typeof value === 'number') pool[key as keyof typeof numbers] = value
  }
  const written = row('expires', 'exp') ?? ''
  const read = expiry(written, context.timeZone)
  if (read) pool.expiry = read
  else {
    pool.badExpiry = written.toLowerCase()
    unparsed(draft, 'page', `${name}: expires ${written}`)
  }
  draft.pools.push(pool)
  return true
}

/** A row with 0 licenses and 1 reservation holds a reserved seat: it is in use. */
function readUsage(row: Row, draft: Draft, vendor: string | undefined, context: PageContext) {
  const feature = row('product')
  const seats = seatCount(row('#lic', '#licenses', 'count') ?? '')
  const reserved = seatCount(row('#res') ?? '0')
  if (!feature || typeof seats !== 'number' || typeof reserved !== 'number') return false
  const checkout: DraftCheckout = {
    vendor,
    feature,
    seats: seats + reserved,
    state: 'active',
  }
  const [version, user, host] = [row('ver', 'version'), row('user'), row('host')]
  if (version) checkout.version = version
  if (user) checkout.user = user
  if (host) checkout.host = host
  const out = row('out time', 'checkout time') ?? ''
  const time = /(\d{1,2})\/(\d{1,2})(?:\/\d{2,4})?\s+(\d{1,2}):(\d{2})/.exec(out)
  if (time) {
    const [month = 0, day = 0, hour = 0, minute = 0] = time.slice(1).map(Number)
    const at = withoutYear({ month, day, hour, minute }, context.now, context.timeZone)
    if (at !== undefined) checkout.startedAt = at
  }
  if (/\broam/i.test(`${out} ${row('roaming', 'roam') ?? ''}`)) checkout.state = 'borrowed'
  if (/\bqueue/i.test(out)) checkout.state = 'queued'
  draft.checkouts.push(checkout)
  return true
}

function readIsv(row: Row, draft: Draft): boolean {
  const name = row('name', 'isv', 'isv name', 'server')
  const running = row('running') ?? ''
  if (!name || !/^(?:yes|no)/i.test(running)) return false
  const isv = daemon(draft, name.split(' ', 1)[0] ?? name, /^yes/i.test(running))
  const port = seatCount(row('port') ?? '')
  const restarts = seatCount(row('restarts') ?? '')
  if (typeof port === 'number' && port > 0) isv.port = port
  if (typeof restarts === 'number') isv.restarts = restarts
  return true
}

/** `Denials | 1 (0/sec) | 1 (0/sec) | 12 (0/sec)`: recent, today, in total; others have no series. */
function readStatistics(cells: string[], draft: Draft, vendor: string | undefined): boolean {
  const [row = '', , , total = ''] = cells
  const key = /^(?:messages|connections|checkouts|denials|removals)/i.exec(row)?.[0].toLowerCase()
  const count = /^\d{1,15}/.exec(total)?.[0]
  if (!key || count === undefined) return /statistics|stats|time|version/i.test(row)
  if (vendor && (key === 'denials' || key === 'checkouts')) {
    daemon(draft, vendor, true)[key] = Number(count)
  }
  return true
}
