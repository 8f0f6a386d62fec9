/** A column of numbers stands right, one of words left. */
export type Align = 'left' | 'right'

/** What a vendor printed may hold escape sequences: they must not reach the terminal. */
export function clean(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?')
}

const width = (text: string) => [...text].length

/**
 * Lines of aligned columns, two spaces apart; an empty cell is an unknown value.
 * @param paint colours a padded cell; the widths do not see it
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly Align[],
  paint: (cell: string, row: number, column: number) => string = cell => cell,
): string[] {
  const cells = rows.map(row => row.map(clean))
  const widths = head.map((title, column) =>
    cells.reduce((most, row) => Math.max(most, width(row[column] ?? '')), width(title)),
  )
  const line = (row: readonly string[], number: number) =>
    widths
      .map((most, column) => {
        const text = row[column] ?? ''
        const gap = ' '.repeat(most - width(text))
        const padded = align[column] === 'right' ? gap + text : text + gap
        return number < 0 ? padded : paint(padded, number, column)
      })
      .join('  ')
      .trimEnd()
  return [line(head, -1), ...cells.map(line)]
}

/** A day, or a minute, in UTC: the same on every machine. */
export const day = (unix: number): string => iso(unix).slice(0, 10)
export const minute = (unix: number): string => `${iso(unix).slice(0, 16).replace('T', ' ')}Z`

function iso(unix: number): string {
  const date = new Date(unix * 1000)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}

/** Absent stays empty: unknown is not 0. */
export const number = (value: number | undefined): string =>
  value === undefined ? '' : String(value)
