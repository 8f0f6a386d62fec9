export interface Column<Item> {
  id: string
  title: string
  /** What is sorted, filtered and copied; undefined where it is unknown. */
  value: (item: Item) => string | number | undefined
  /** Numbers stand at the right. */
  numeric?: boolean
  /** Sentences and times: not squeezed into a word a line where the window is narrow. */
  wide?: boolean
}

export interface Sorting {
  column: string
  descending: boolean
}

/**
 * Finds the items with every word of a text in one of their columns, without case. What is searched is
 * put together once, at the first text: typing on costs a look through it.
 */
export function searcher<Item>(
  items: readonly Item[],
  columns: readonly Column<Item>[]
): (text: string) => readonly Item[] {
  let lines: string[] | undefined
  return text => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean)
    if (words.length === 0) return items
    lines ??= items.map(item => searched(item, columns))
    return items.filter((_, index) => words.every(word => lines![index]!.includes(word)))
  }
}

function searched<Item>(item: Item, columns: readonly Column<Item>[]): string {
  let line = ''
  for (const column of columns) line += `${column.value(item) ?? ''}\n`
  return line.toLowerCase()
}

/** Unknown values stand last, whichever way it is sorted. */
export function sorted<Item>(
  items: readonly Item[],
  columns: readonly Column<Item>[],
  sorting: Sorting | undefined
): readonly Item[] {
  const column = columns.find(one => one.id === sorting?.column)
  if (!sorting || !column) return items
  const sign = sorting.descending ? -1 : 1
  const keyed = items.map(item => ({ item, value: column.value(item) }))
  keyed.sort((a, b) => {
    if (a.value === undefined) return b.value === undefined ? 0 : 1
    if (b.value === undefined) return -1
    return sign * compare(a.value, b.value)
  })
  return keyed.map(({ item }) => item)
}

const collator = new Intl.Collator('en', { numeric: true })

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return collator.compare(String(a), String(b))
}

/** Tab-separated, as spreadsheets take it from the clipboard; no cell starts a formula there. */
export function copyText<Item>(items: readonly Item[], columns: readonly Column<Item>[]): string {
  const head = columns.map(column => column.title).join('\t')
  const lines = items.map(item => columns.map(column => cell(column.value(item))).join('\t'))
  return [head, ...lines].join('\n')
}

function cell(value: string | number | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const line = value.replace(/[\t\r\n]+/g, ' ')
  return /^[=+\-@]/.test(line) ? `'${line}` : line
}
