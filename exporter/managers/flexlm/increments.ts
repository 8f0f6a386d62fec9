import type { Checkout, Reservation } from '../../model.ts'
import type { ListRow } from './draft.ts'

/**
 * The layout of later versions that tells increments apart:
 * `Feature "x" v1.0, vendor: v, expiry: 1-jan-0 (Total of 3 licenses issued;  Total of 1 floating non-reserved license in use)`
 */
export interface Increment extends ListRow {
  seats: number
  /** Without those taken from a reservation. */
  used: number
}

const increment =
  /^Feature "([^"]+)" v([^\s,]+), vendor: ([^\s,]+), expiry: (\S+)(?: ?\(?no expiration date\))? \(Total of (\d+) licenses? issued; +Total of (\d+) floating non-reserved licenses? in use\)/

export function incrementLine(trimmed: string): Increment | undefined {
  if (!trimmed.startsWith('Feature "')) return undefined
  const told = increment.exec(trimmed)
  if (!told) return undefined
  const [, feature = '', version = '', vendor = '', end = '', seats, used] = told
  // "permanent(no expiration date)"
  const expiry = end.replace(/\(no$/, '')
  return { feature, version, vendor, expiry, seats: Number(seats), used: Number(used) }
}

/** `    (Total of 0 users queued;  Total of 2 licenses reserved)`: for whom is not told. */
export function incrementRest(
  trimmed: string,
): { queued: number; reservation: Reservation } | undefined {
  const told = /^\(Total of (\d+) users? queued; +Total of (\d+) licenses? reserved\)/.exec(trimmed)
  if (!told) return undefined
  const reservation = { kind: 'UNKNOWN', name: '', seats: Number(told[2]) }
  return { queued: Number(told[1]), reservation }
}

/** Two names of any length are tried against each other: no real line is near this. */
const longestUser = 1000

/** `\tUsername: ann, Node: pc01, Display: :0, Number of licenses used: 1, License handle: 101` */
export function incrementUser(
  trimmed: string,
): Pick<Checkout, 'user' | 'host' | 'display' | 'seats'> | undefined {
  if (!trimmed.startsWith('Username: ') || trimmed.length > longestUser) return undefined
  const told =
    /^Username: (.*), Node: ([^,]*), Display: (.*), Number of licenses used: (\d+), License handle: \d+$/.exec(
      trimmed,
    )
  if (!told) return undefined
  const [, user = '', host = '', display = '', seats] = told
  return { user, host, display, seats: Number(seats) }
}

/** The sum of the increments below it, which are counted one by one. */
export const incrementSum = /^\*+ FEATURE name: "[^"]+", vendor: \S+, \(AGGREGATE TOTAL of \d+ /
