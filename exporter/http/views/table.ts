import { type Html, html } from '../html.ts'

export type Cell = Html | string | number | undefined | readonly (Html | string | undefined)[]

export interface Column {
  title: string
  /** The one that names the row. */
  heads?: true
  numeric?: true
  /** Only to look at: its neighbour says the same in words. */
  picture?: true
}

/**
 * A table with a heading. Roles are written out: where a narrow screen stacks the cells, browsers
 * would forget that it is a table; there each cell carries the title of its column.
 */
export function tableSection(
  id: string,
  title: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): Html {
  const head = columns.map(
    ({ title, numeric, picture }) =>
      html`<th scope="col" role="columnheader"${numeric && html` class="num"`}${picture && html` aria-hidden="true"`}>${title}</th>`,
  )
  const body = rows.map(
    cells => html`<tr role="row">${cells.map((cell, i) => written(cell, columns[i]!))}</tr>\n`,
  )
  const table = html`<table role="table" aria-labelledby="${id}"><thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">
${body}</tbody></table>`
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${rows.length > 0 ? table : html`<p class="mut">Nothing to show.</p>`}</section>`
}

function written(cell: Cell, { title, heads, numeric, picture }: Column): Html {
  if (heads) return html`<th scope="row" role="rowheader">${cell}</th>`
  if (picture) return html`<td role="cell" aria-hidden="true">${cell}</td>`
  return html`<td role="cell" data-label="${title}"${numeric && html` class="num"`}>${cell}</td>`
}
