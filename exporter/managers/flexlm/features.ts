import type { ListRow } from './draft.ts'

/** Order of the columns of a feature list (`lmstat -i`): `Expires Vendor` or `Vendor Expires`. */
export type Columns = readonly ('feature' | 'version' | 'seats' | 'vendor' | 'expiry')[]

const titles: Readonly<Record<string, Columns[number]>> = {
  feature: 'feature',
  version: 'version',
  '#licenses': 'seats',
  '#license': 'seats',
  licenses: 'seats',
  vendor: 'vendor',
  expires: 'expiry',
  expiry: 'expiry',
  expiration: 'expiry',
}

/** `Feature   Version   #licenses   Expires   Vendor` */
export function listColumns(trimmed: string): Columns | undefined {
  if (trimmed.length > 300 || !/^Feature\s+Version\s/i.test(trimmed)) return undefined
  const words = trimmed
    .toLowerCase()
    .replace(/# +/g, '#')
    .replace(/\b(expir\w+) date\b/, '$1')
    .split(/\s+/)
  const columns = words.map(word => titles[word])
  const known = columns.filter(column => column !== undefined)
  return known.length === columns.length && new Set(known).size === 5 ? known : undefined
}

/** One row; undefined = not understood (an unreadable date is the pool's affair). */
export function listRow(trimmed: string, columns: Columns): ListRow | undefined {
  if (trimmed.length > 1000) return undefined
  // "permanent(no expiration date)" is one value with blanks in it.
  const words = trimmed.replace(/\(no expiration date\)/i, '').split(/\s+/)
  if (words.length !== columns.length) return undefined
  const row = { feature: '', version: '', seats: '', vendor: '', expiry: '' }
  for (const [i, column] of columns.entries()) row[column] = words[i] ?? ''
  const uncounted = /^uncounted$/i.test(row.seats)
  if (!uncounted && !/^\d{1,10}$/.test(row.seats)) return undefined
  if (!/^v?[\d.]/i.test(row.version)) return undefined
  const seats = Number(row.seats)
  return { ...row, seats: uncounted || seats >= 2147483646 ? undefined : seats }
}
