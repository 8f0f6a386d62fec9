import React, { useMemo } from 'react'
import { keyOf, SERVER, valuesBy } from '../shared/frames.ts'
import { Facts } from '../shared/Facts.tsx'
import { dashboardUrl, dashboards, keep, paths } from '../shared/links.ts'
import { PageLinks } from '../shared/PageLinks.tsx'
import { PagedTable } from '../shared/PagedTable.tsx'
import type { Results } from '../shared/QueryView.tsx'
import { State } from '../shared/State.tsx'
import { Empty, Problem } from '../shared/states.tsx'
import { duration, managerWords } from '../shared/words.ts'
import { featureColumns } from './featureColumns.tsx'
import { featureRows, serverRows } from './serverRows.ts'

export const serverView = (server: string) =>
  function ServerView({ results }: { results: Results }) {
    const state = useMemo(() => serverRows(results), [results])
    const features = useMemo(() => featureRows(results), [results])
    if (state.length === 0) {
      return (
        <Problem
          severity="warning"
          sentence={`No license server “${server}” is known in this data source.`}
          wayOn="It was renamed or taken out of the configuration, or its name is written differently."
          href={paths.servers + keep()}
          linkText="All servers"
        />
      )
    }
    return (
      <>
        <PageLinks
          links={[
            {
              text: 'Dashboard “License server”',
              href: dashboardUrl(dashboards.server, { server }),
            },
            { text: 'Events', href: paths.events + keep() },
          ]}
        />
        {state.map(row => (
          <Facts
            key={row.manager}
            label={`State of ${server}`}
            facts={[
              [
                'State',
                <State key="state" tone={row.tone}>
                  {row.state}
                </State>,
              ],
              ['Manager', managerWords[row.manager] ?? row.manager],
              ['Version', row.version],
              [
                'Last good reading',
                row.age === undefined ? 'none yet' : `${duration(row.age)} ago`,
              ],
              ...members(results),
              ...daemons(results),
            ]}
          />
        ))}
        <PagedTable
          caption={`Features of ${server}`}
          noun="features"
          items={features}
          columns={featureColumns}
          sort={{ column: 'feature', descending: false }}
          itemKey={row => keyOf({ ...row } as never, ['manager', 'vendor', 'feature'])}
          empty={
            <Empty title="No features are read">
              While a server is down, or before its first reading, it tells none.
            </Empty>
          }
        />
      </>
    )
  }

type Fact = [string, React.ReactNode]

function members(results: Results): Fact[] {
  const names = [...SERVER, 'member']
  const master = valuesBy(results('memberMaster'), names)
  return results('memberUp').map(row => [
    `Machine ${row.labels.member}`,
    <State key="up" tone={row.value === 1 ? 'good' : 'warning'}>
      {row.value === 1 ? 'up' : 'down'}
      {master.get(keyOf(row.labels, names)) === 1 ? ', master' : ''}
    </State>,
  ])
}

function daemons(results: Results): Fact[] {
  const version = new Map(
    results('daemonVersion').map(row => [row.labels.vendor, row.labels.version])
  )
  return results('daemonUp').map(row => [
    `Vendor daemon ${row.labels.vendor}`,
    <State key="up" tone={row.value === 1 ? 'good' : 'critical'}>
      {row.value === 1 ? 'up' : 'down'} {version.get(row.labels.vendor)}
    </State>,
  ])
}
