import type { ListRow } from './draft.ts'

/** `lmstat -i` cuts features to the width of its column, `%-31.31s`; up to version 9 to 23. */
const columnWidths = new Set([23, 31])
/** The list of vendor daemons cuts their names: `%10.10s`. */
const daemonWidth = 10

/**
 * Rows whose features the column cut, under the one longer name that the rest of the text has for
 * them: else each would be a second feature that nobody serves. A longer name in the list itself
 * shows that its column cuts nothing.
 */
export function wholeFeatures(rows: readonly ListRow[], known: ReadonlySet<string>): ListRow[] {
  const width = rows.reduce((most, { feature }) => Math.max(most, feature.length), 0)
  if (!columnWidths.has(width)) return [...rows]
  const longer = [...known].filter(name => name.length > width)
  if (longer.length === 0) return [...rows]
  return rows.map(row => {
    if (row.feature.length < width || known.has(row.feature)) return row
    const [whole, other] = longer.filter(name => name.startsWith(row.feature))
    return whole !== undefined && other === undefined ? { ...row, feature: whole } : row
  })
}

/** The vendor that a cut name of a daemon stands for: the one that begins with it. */
export function wholeDaemon(daemon: string, vendors: readonly string[]): string | undefined {
  if (daemon.length !== daemonWidth) return undefined
  const begin = daemon.toLowerCase()
  const found = new Map<string, string>()
  for (const vendor of vendors) {
    const key = vendor.toLowerCase()
    if (key === begin) return undefined
    if (key.startsWith(begin)) found.set(key, found.get(key) ?? vendor)
  }
  return found.size === 1 ? [...found.values()][0] : undefined
}
