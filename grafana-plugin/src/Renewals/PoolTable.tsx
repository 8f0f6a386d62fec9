import React from 'react'
import { keep, paths } from '../shared/links.ts'
import { PagedTable, type TableColumn } from '../shared/PagedTable.tsx'
import { State } from '../shared/State.tsx'
import { Empty } from '../shared/states.tsx'
import { number } from '../shared/words.ts'
import { leftWords, type PoolRow } from './poolRows.ts'

interface PoolTableProps {
  caption: string
  rows: readonly PoolRow[]
  /** Of one feature: its name is not repeated. */
  one?: boolean
}

export function PoolTable({ caption, rows, one = false }: PoolTableProps) {
  return (
    <PagedTable
      caption={caption}
      noun="lines"
      copy
      items={rows}
      columns={one ? rest : [...subject, ...rest]}
      sort={{ column: 'left', descending: false }}
      itemKey={row => `${row.server} ${row.vendor} ${row.feature} ${row.pool}`}
      empty={
        <Empty title="No lines of capacity are told">
          FlexLM tells them where the exporter also reads the feature list (lmstat -i) or the
          license files.
        </Empty>
      }
    />
  )
}

const subject: Array<TableColumn<PoolRow>> = [
  {
    id: 'feature',
    title: 'Feature',
    value: row => row.feature,
    cell: row => (
      <a href={paths.feature(row) + keep()}>
        <bdi>{row.feature}</bdi>
      </a>
    ),
  },
  { id: 'server', title: 'License server', value: row => row.server },
]
const rest: Array<TableColumn<PoolRow>> = [
  {
    id: 'left',
    title: 'Ends',
    value: row => row.left,
    cell: row => <State tone={row.tone}>{leftWords(row)}</State>,
  },
  {
    id: 'seats',
    title: 'Seats',
    numeric: true,
    value: row => row.seats,
    cell: row => (row.seats === undefined ? 'not told' : number(row.seats)),
  },
  {
    id: 'used',
    title: 'Used',
    numeric: true,
    value: row => row.used,
    cell: row => (row.used === undefined ? '–' : number(row.used)),
  },
  { id: 'version', title: 'Version', value: row => row.version },
  { id: 'cover', title: 'When it ends', wide: true, value: row => row.cover },
]
