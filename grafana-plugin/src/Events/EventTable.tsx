import React from 'react'
import { dashboardUrl, dashboards, keep, paths } from '../shared/links.ts'
import { PageLinks } from '../shared/PageLinks.tsx'
import { PagedTable, type TableColumn } from '../shared/PagedTable.tsx'
import { State } from '../shared/State.tsx'
import { Empty } from '../shared/states.tsx'
import type { EventRow } from './eventRows.ts'

const columns: ReadonlyArray<TableColumn<EventRow>> = [
  {
    id: 'time',
    title: 'Time (UTC)',
    wide: true,
    value: row =>
      Number.isNaN(row.time.getTime())
        ? undefined
        : row.time.toISOString().slice(0, 19).replace('T', ' '),
  },
  {
    id: 'message',
    title: 'What happened',
    wide: true,
    value: row => row.message,
    cell: row => (
      <State tone={row.tone}>
        <bdi>{row.message}</bdi>
      </State>
    ),
  },
  {
    id: 'server',
    title: 'License server',
    value: row => row.server || undefined,
    cell: row =>
      row.server === '' ? (
        '–'
      ) : (
        <a href={paths.server(row.server) + keep()}>
          <bdi>{row.server}</bdi>
        </a>
      ),
  },
  { id: 'subject', title: 'Details', wide: true, value: row => row.subject || undefined },
  { id: 'event', title: 'Event', value: row => row.event },
]

export function EventTable({ rows, source }: { rows: readonly EventRow[]; source: string }) {
  return (
    <>
      <PageLinks links={[{ text: 'Dashboard “Events”', href: dashboardUrl(dashboards.events) }]} />
      <PagedTable
        caption={`Events from ${source}, newest first`}
        noun="events"
        copy
        items={rows}
        columns={columns}
        itemKey={(row, index) => `${row.id} ${index}`}
        empty={<Empty title="No events in this time range" />}
      />
    </>
  )
}
