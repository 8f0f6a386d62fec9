import type { TableColumn } from '../shared/PagedTable.tsx'
import { duration, minute } from '../shared/words.ts'
import { type CheckoutRow, namesShown } from './checkoutRows.ts'

export function checkoutColumns(
  rows: readonly CheckoutRow[],
  withFeature: boolean
): ReadonlyArray<TableColumn<CheckoutRow>> {
  const several = new Set(rows.slice(0, 10_000).map(row => row.exporter)).size > 1
  return [
    ...(namesShown(rows) ? names : []),
    ...(withFeature ? [feature] : []),
    ...(several ? [exporter] : []),
    ...rest,
  ]
}

type Columns = Array<TableColumn<CheckoutRow>>
const names: Columns = [
  { id: 'user', title: 'User', value: row => row.user },
  { id: 'host', title: 'Host', value: row => row.host },
]
const feature: TableColumn<CheckoutRow> = {
  id: 'feature',
  title: 'Feature',
  value: row => row.feature,
}
const exporter: TableColumn<CheckoutRow> = {
  id: 'exporter',
  title: 'Exporter',
  value: row => row.exporter,
}
const states = { active: 'active', borrowed: 'borrowed', queued: 'waits' } as const
const rest: Columns = [
  { id: 'seats', title: 'Seats', numeric: true, value: row => row.seats },
  { id: 'state', title: 'State', value: row => states[row.state] ?? row.state },
  {
    id: 'held',
    title: 'Held for',
    numeric: true,
    value: row => row.held,
    cell: row => (row.held === undefined ? 'not told' : duration(row.held)),
  },
  {
    id: 'since',
    title: 'Since',
    wide: true,
    value: row => (row.started_at === undefined ? undefined : minute(new Date(row.started_at))),
  },
  { id: 'version', title: 'Version', value: row => row.version },
]
