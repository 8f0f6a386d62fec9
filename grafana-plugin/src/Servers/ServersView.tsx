import React, { useMemo } from 'react'
import { dashboardUrl, dashboards, keep, paths } from '../shared/links.ts'
import { PageLinks } from '../shared/PageLinks.tsx'
import { PagedTable, type TableColumn } from '../shared/PagedTable.tsx'
import type { Results } from '../shared/QueryView.tsx'
import { State } from '../shared/State.tsx'
import { Empty } from '../shared/states.tsx'
import { count, duration, managerWords } from '../shared/words.ts'
import { type ServerRow, serverRows } from './serverRows.ts'

const columns: ReadonlyArray<TableColumn<ServerRow>> = [
  {
    id: 'server',
    title: 'License server',
    value: row => row.server,
    cell: row => (
      <a href={paths.server(row.server) + keep()}>
        <bdi>{row.server}</bdi>
      </a>
    ),
  },
  {
    id: 'state',
    title: 'State',
    value: row => row.state,
    wide: true,
    cell: row => <State tone={row.tone}>{row.state}</State>,
  },
  { id: 'manager', title: 'Manager', value: row => managerWords[row.manager] ?? row.manager },
  { id: 'features', title: 'Features', numeric: true, value: row => row.features },
  {
    id: 'age',
    title: 'Last good reading',
    numeric: true,
    value: row => row.age,
    cell: row => (row.age === undefined ? 'none yet' : `${duration(row.age)} ago`),
  },
  { id: 'version', title: 'Version', value: row => row.version },
]

export function ServersView({ results }: { results: Results }) {
  const rows = useMemo(() => serverRows(results), [results])
  const up = rows.filter(row => row.tone === 'good').length
  return (
    <>
      <PageLinks
        text={`${count(rows.length, 'license server')}, ${up} up.`}
        links={[{ text: 'Dashboard “License server”', href: dashboardUrl(dashboards.server) }]}
      />
      <PagedTable
        caption="License servers"
        noun="servers"
        items={rows}
        columns={columns}
        sort={{ column: 'server', descending: false }}
        itemKey={row => `${row.server} ${row.manager}`}
        empty={
          <Empty
            title="No license server is read"
            href={paths.setup + keep()}
            linkText="Open Setup"
          >
            The exporter has no [[server]] in its configuration, or it is not scraped by this data
            source.
          </Empty>
        }
      />
    </>
  )
}
