import { type Expiry, expiry } from '../time.ts'
import { seatCount } from './draft.ts'

export interface ProductLine {
  name: string
  version: string
  /** RLM pool number; '' where the text numbers no pools. */
  line: string
  /** The pool's numbers, where they stand on the same line. */
  rest: string
}

const product = /^([^\s:]+)\s+(v\d[^\s,:]*)(.*)$/i
const numbersBegin =
  /^(?:count\s*:|uncounted\b|token-based\b|obsolete\s*:|soft[ _]?lim(?:it)?\s*:|hold\s*:|min_remove\s*:|max_roam\s*:|client[ _]cache\s*:|named[ _]users?\s*:)/i

/** `nuke_i v2024.0331, pool: 3`. undefined = no such line. */
export function readProduct(text: string): ProductLine | undefined {
  const [, name = '', version = '', tail = ''] = product.exec(text) ?? []
  if (name === '') return undefined
  if (tail === '') return { name, version, line: '', rest: '' }
  if (tail.startsWith(',')) {
    const number = /^,\s{0,4}pool:?\s{0,4}(\d{1,9})\b\s{0,4},?(.*)$/i.exec(tail)
    if (!number) return undefined
    const [, line = '', after = ''] = number
    const rest = after.trim()
    return rest === '' || numbersBegin.test(rest) ? { name, version, line, rest } : undefined
  }
  const rest = tail.trim()
  return /^\s/.test(tail) && numbersBegin.test(rest) ? { name, version, line: '', rest } : undefined
}

/** What one line below a product says; `bad` = a part of it is not readable. */
export interface PoolNumbers {
  counting?: 'uncounted' | 'token'
  seats?: number
  used?: number
  reserved?: number
  checkouts?: number
  expiry?: Expiry
  /** The expiry as written where it is no date: part of the identity, never permanent. */
  badExpiry?: string
  bad: boolean
}

/** `count: 93, # reservations: 0, inuse: 2, exp: 31-jan-2027`, and the line that follows it. */
export function readNumbers(text: string, timeZone: string): PoolNumbers | undefined {
  if (!numbersBegin.test(text)) return undefined
  const numbers: PoolNumbers = { bad: false }
  for (const part of text.split(',')) {
    const colon = part.indexOf(':')
    const key = (colon < 0 ? part : part.slice(0, colon)).trim().toLowerCase()
    take(numbers, key, colon < 0 ? '' : part.slice(colon + 1).trim(), timeZone)
  }
  return numbers
}

function take(numbers: PoolNumbers, key: string, value: string, timeZone: string): void {
  if (/^uncounted\b/.test(key)) numbers.counting = 'uncounted'
  else if (key.startsWith('token-based')) numbers.counting = 'token'
  else if (key === 'count') {
    const seats = seatCount(value)
    if (seats === 'uncounted') numbers.counting = 'uncounted'
    else if (seats === undefined) numbers.bad = true
    else numbers.seats = seats
  } else if (key === 'exp') {
    // "31-mar-2025 (EXPIRED)"
    const read = expiry(value.replace(/ \([^()]*\)$/, ''), timeZone)
    if (read) numbers.expiry = read
    else {
      numbers.badExpiry = value.toLowerCase()
      numbers.bad = true
    }
  } else {
    const field = fields[key]
    if (!field) return
    const read = seatCount(value)
    if (typeof read === 'number') numbers[field] = read
    else numbers.bad = true
  }
}

/** `obsolete`, `min_remove`, `soft limit`, `hold` and what later versions add have no series. */
const fields: Readonly<Record<string, 'used' | 'reserved' | 'checkouts'>> = {
  inuse: 'used',
  '# reservations': 'reserved',
  'total checkouts': 'checkouts',
}
