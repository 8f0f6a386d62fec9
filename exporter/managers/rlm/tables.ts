/** One table of a page, and the heading above it. */
export interface Table {
  heading: string
  /** Names of the columns: lower case, blanks folded. */
  columns: string[]
  rows: string[][]
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/**
 * Tables of RLM's web pages. They are not well formed: `<b>` stays open, `</td></b>`, rows without
 * `</td>`, a bare `&` in `User&Host`. So a cell ends where the next cell, row or table begins, and
 * what stands within is its text without tags.
 */
export function readTables(html: string): Table[] {
  const tables: Table[] = []
  let heading = ''
  let headingFrom = -1
  let cells: string[] | undefined
  let rows: string[][] | undefined
  let cellFrom = -1
  let tagFrom = html.indexOf('<')

  const closeCell = (to: number) => {
    if (cellFrom >= 0) cells?.push(plainText(html.slice(cellFrom, to)))
    cellFrom = -1
  }
  const closeTable = () => {
    const [columns = [], ...body] = rows ?? []
    if (rows) tables.push({ heading, columns: columns.map(columnName), rows: body })
    rows = cells = undefined
  }

  while (tagFrom >= 0) {
    const name = tagName(html, tagFrom)
    const tagTo = name === '' ? tagFrom + 1 : html.indexOf('>', tagFrom) + 1
    if (tagTo <= 0) break
    if (name === 'td' || name === 'th') {
      closeCell(tagFrom)
      cellFrom = tagTo
    } else if (name === '/td' || name === '/th') closeCell(tagFrom)
    else if (name === 'tr' || name === '/tr') {
      closeCell(tagFrom)
      cells = name === 'tr' ? [] : undefined
      if (cells) rows?.push(cells)
    } else if (name === 'table' || name === '/table') {
      closeCell(tagFrom)
      closeTable()
      if (name === 'table') rows = []
    } else if (/^h[1-6]$/.test(name)) headingFrom = tagTo
    else if (/^\/h[1-6]$/.test(name) && headingFrom >= 0) {
      heading = plainText(html.slice(headingFrom, tagFrom))
      headingFrom = -1
    }
    tagFrom = html.indexOf('<', tagTo)
  }
  closeCell(html.length)
  closeTable()
  return tables
}

/** Lower-case name of the tag that begins here, with its `/`; '' where none begins. */
function tagName(html: string, from: number): string {
  const match = /^<(\/?[A-Za-z][A-Za-z0-9]*|!)/.exec(html.slice(from, from + 24))
  return match?.[1]?.toLowerCase() ?? ''
}

function plainText(html: string): string {
  return html
    .replace(/<[A-Za-z/!][^<>]*>/g, ' ')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
      if (name) return entities[name.toLowerCase()] ?? whole
      const code = decimal ? Number(decimal) : Number.parseInt(hex, 16)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
    })
    .replace(/\s+/g, ' ')
    .trim()
}

function columnName(text: string): string {
  return text.toLowerCase().replace(/^#\s+/, '#')
}
