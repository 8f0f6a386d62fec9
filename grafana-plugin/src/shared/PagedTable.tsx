import React, { useDeferredValue, useId, useMemo, useState } from 'react'
import { Button, ClipboardButton, Field, Input, useStyles2 } from '@grafana/ui'
import { getStyles } from './PagedTable.styles.ts'
import { type Column, copyText, searcher, sorted, type Sorting } from './tableRows.ts'
import { count, number } from './words.ts'

export interface TableColumn<Item> extends Column<Item> {
  cell?: (item: Item) => React.ReactNode
}

interface PagedTableProps<Item> {
  caption: string
  noun: string
  items: readonly Item[]
  columns: ReadonlyArray<TableColumn<Item>>
  itemKey: (item: Item, index: number) => string
  sort?: Sorting
  empty: React.ReactNode
  copy?: boolean
  pageSize?: number
}

/** So many rows are seen at a glance: no filter stands above them. */
const FEW = 10

/** A real table, one page of it in the document however many rows there are. */
export function PagedTable<Item>(props: PagedTableProps<Item>) {
  const { caption, noun, items, columns, itemKey, empty, copy = false, pageSize = 50 } = props
  const styles = useStyles2(getStyles)
  const id = useId()
  const [text, setText] = useState('')
  const [sorting, setSorting] = useState(props.sort)
  const [page, setPage] = useState(0)
  // Typing stays fluent over 100,000 rows: the list follows a moment later.
  const wanted = useDeferredValue(text)
  const search = useMemo(() => searcher(items, columns), [items, columns])
  const found = useMemo(
    () => sorted(search(wanted), columns, sorting),
    [search, columns, wanted, sorting]
  )
  const pages = Math.max(1, Math.ceil(found.length / pageSize))
  const current = Math.min(page, pages - 1)
  if (items.length === 0) return <>{empty}</>
  const shown = found.slice(current * pageSize, (current + 1) * pageSize)
  const first = found.length === 0 ? 0 : current * pageSize + 1
  const span = `${number(first)}–${number(current * pageSize + shown.length)} of ${number(found.length)}`
  return (
    <section aria-label={caption} className={styles.block}>
      <div className={styles.tools}>
        {items.length > FEW && (
          <Field label={`Filter ${noun}`} htmlFor={`${id}-filter`} className={styles.filter}>
            <Input
              id={`${id}-filter`}
              type="search"
              value={text}
              maxLength={200}
              placeholder="words in any column"
              onChange={event => {
                setText(event.currentTarget.value)
                setPage(0)
              }}
            />
          </Field>
        )}
        {copy && (
          <ClipboardButton
            icon="copy"
            variant="secondary"
            getText={() => copyText(found, columns)}
          >{`Copy ${count(found.length, noun.replace(/s$/, ''), noun)}`}</ClipboardButton>
        )}
      </div>
      <div className={styles.scroll} role="region" aria-label={`${caption}, table`} tabIndex={0}>
        <table className={styles.table}>
          <caption className={styles.caption}>
            <span>{caption}</span>
          </caption>
          <thead>
            <tr>
              {columns.map(column => (
                <Head
                  key={column.id}
                  column={column}
                  sorting={sorting}
                  onSort={next => {
                    setSorting(next)
                    setPage(0)
                  }}
                  className={column.numeric ? styles.numeric : undefined}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((item, index) => (
              <tr key={itemKey(item, index)}>
                {columns.map(column => (
                  <td key={column.id} className={styles[kindOf(column)]}>
                    {column.cell ? column.cell(item) : <bdi>{column.value(item) ?? '–'}</bdi>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={styles.pages}>
        <span role="status">
          {found.length === 0 ? `No ${noun} match “${wanted}”` : items.length > FEW ? span : ''}
        </span>
        {pages > 1 && (
          <span className={styles.buttons}>
            <Button
              variant="secondary"
              size="sm"
              disabled={current === 0}
              onClick={() => setPage(current - 1)}
            >
              Previous
            </Button>
            <Button
              variant="secondary"
              size="sm"
              disabled={current >= pages - 1}
              onClick={() => setPage(current + 1)}
            >
              Next
            </Button>
          </span>
        )}
      </div>
    </section>
  )
}

function kindOf<Item>({ numeric, wide }: Column<Item>): 'numeric' | 'wide' | 'text' {
  return numeric ? 'numeric' : wide ? 'wide' : 'text'
}

interface HeadProps<Item> {
  column: TableColumn<Item>
  sorting: Sorting | undefined
  onSort: (sorting: Sorting) => void
  className: string | undefined
}

function Head<Item>({ column, sorting, onSort, className }: HeadProps<Item>) {
  const styles = useStyles2(getStyles)
  const active = sorting?.column === column.id
  const order = !active ? 'none' : sorting.descending ? 'descending' : 'ascending'
  return (
    <th scope="col" aria-sort={order} className={className}>
      <button
        type="button"
        className={styles.sort}
        onClick={() =>
          onSort({ column: column.id, descending: active ? !sorting.descending : false })
        }
      >
        {column.title}
        <span aria-hidden="true">{!active ? '' : sorting.descending ? ' ↓' : ' ↑'}</span>
      </button>
    </th>
  )
}
