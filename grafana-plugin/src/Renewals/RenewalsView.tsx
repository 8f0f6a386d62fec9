import React, { useMemo } from 'react'
import { FEATURE, keyOf, type Row, valuesBy } from '../shared/frames.ts'
import { dashboardUrl, dashboards, keep, paths } from '../shared/links.ts'
import { PageLinks } from '../shared/PageLinks.tsx'
import { PagedTable, type TableColumn } from '../shared/PagedTable.tsx'
import type { Results, ViewProps } from '../shared/QueryView.tsx'
import { count, DAY, fromNow } from '../shared/words.ts'
import { Calendar } from './Calendar.tsx'
import { poolRows } from './poolRows.ts'
import { PoolTable } from './PoolTable.tsx'

export function RenewalsView({ results, complete }: ViewProps) {
  const rows = useMemo(() => poolRows(results, complete), [results, complete])
  const soon = rows.filter(row => row.left !== undefined && row.left < 60 * DAY).length
  return (
    <>
      <PageLinks
        text={`${count(rows.length, 'line')} of capacity, ${soon} ended or ending within 60 days.`}
        links={[
          { text: 'Dashboard “Renewals”', href: dashboardUrl(dashboards.renewals) },
          { text: 'Dashboard “Capacity & cost”', href: dashboardUrl(dashboards.capacity) },
        ]}
      />
      <Calendar rows={rows} />
      <NotServed results={results} />
      <PoolTable caption="Lines of capacity, the next to end first" rows={rows} />
    </>
  )
}

interface Waiting {
  labels: Row['labels']
  installed: number
  served: number | undefined
  left: number | undefined
}

const columns: ReadonlyArray<TableColumn<Waiting>> = [
  {
    id: 'feature',
    title: 'Feature',
    value: row => row.labels.feature,
    cell: ({ labels: { server = '', vendor = '', feature = '' } }) => (
      <a href={paths.feature({ server, vendor, feature }) + keep()}>
        <bdi>{feature}</bdi>
      </a>
    ),
  },
  { id: 'server', title: 'License server', value: row => row.labels.server },
  { id: 'installed', title: 'Seats in files', numeric: true, value: row => row.installed },
  { id: 'served', title: 'Seats served', numeric: true, value: row => row.served },
  {
    id: 'left',
    title: 'Files end',
    numeric: true,
    value: row => row.left,
    cell: row => (row.left === undefined ? 'never' : fromNow(row.left)),
  },
]

/** A new license lies in the files, and the server was not told to read them. */
function NotServed({ results }: { results: Results }) {
  const issued = valuesBy(results('servedInstead'), FEATURE)
  const left = valuesBy(results('notServedLeft'), FEATURE)
  const items = results('notServed').map(({ labels, value }): Waiting => {
    const key = keyOf(labels, FEATURE)
    return { labels, installed: value, served: issued.get(key), left: left.get(key) }
  })
  if (items.length === 0) return null
  return (
    <PagedTable
      caption="Installed but not served: let the license server read its files again"
      noun="features"
      items={items}
      columns={columns}
      itemKey={row => keyOf(row.labels, FEATURE)}
      empty={null}
    />
  )
}
