import React, { useEffect, useState } from 'react'
import { getBackendSrv } from '@grafana/runtime'
import { lastValueFrom } from 'rxjs'
import { PLUGIN_ID } from '../constants.ts'
import { Heading } from '../shared/Heading.tsx'
import { PagedTable, type TableColumn } from '../shared/PagedTable.tsx'
import { State } from '../shared/State.tsx'
import { Empty, Loading, Problem } from '../shared/states.tsx'

interface Dashboard {
  title: string
  imported: boolean
  importedUrl?: string
  importedRevision?: number
  revision?: number
}

const columns: ReadonlyArray<TableColumn<Dashboard>> = [
  {
    id: 'title',
    title: 'Dashboard',
    value: one => one.title,
    cell: one =>
      one.imported && one.importedUrl ? <a href={one.importedUrl}>{one.title}</a> : one.title,
  },
  {
    id: 'state',
    title: 'State',
    value: stateOf,
    cell: one => (
      <State tone={stateOf(one) === 'imported' ? 'good' : 'warning'}>{stateOf(one)}</State>
    ),
  },
]

function stateOf(one: Dashboard): string {
  if (!one.imported) return 'not imported'
  return one.importedRevision === one.revision ? 'imported' : 'an older revision'
}

/** Grafana imports the bundled dashboards when the app is enabled or updated. */
export function DashboardState() {
  const [list, setList] = useState<Dashboard[] | 'failed'>()
  useEffect(() => {
    let wanted = true
    lastValueFrom(
      getBackendSrv().fetch<Dashboard[]>({
        url: `/api/plugins/${PLUGIN_ID}/dashboards`,
        showErrorAlert: false,
      })
    ).then(
      ({ data }) => wanted && setList(Array.isArray(data) ? data : 'failed'),
      () => wanted && setList('failed')
    )
    return () => {
      wanted = false
    }
  }, [])
  return (
    <section aria-label="Dashboards">
      <Heading>Dashboards</Heading>
      {list === undefined ? (
        <Loading what="the dashboards" />
      ) : list === 'failed' ? (
        <Problem
          severity="warning"
          sentence="Grafana does not tell the state of the dashboards."
          wayOn="Look for dashboards with the tag “license”; they are imported when the app is enabled."
        />
      ) : (
        <PagedTable
          caption="Bundled dashboards"
          noun="dashboards"
          items={list}
          columns={columns}
          itemKey={one => one.title}
          empty={<Empty title="This build brings no dashboards" />}
        />
      )}
      <p>
        One that is missing or old: disable the app and enable it again, and Grafana imports it.
      </p>
    </section>
  )
}
