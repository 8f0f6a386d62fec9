import React from 'react'
import { usePluginContext } from '@grafana/data'
import { config } from '@grafana/runtime'
import { TextLink } from '@grafana/ui'
import { expectedSeries } from '../queries.ts'
import { Facts } from '../shared/Facts.tsx'
import { Heading } from '../shared/Heading.tsx'
import { dashboardUrl, dashboards, keep, paths } from '../shared/links.ts'
import { PageLinks } from '../shared/PageLinks.tsx'
import { PagedTable, type TableColumn } from '../shared/PagedTable.tsx'
import type { Results } from '../shared/QueryView.tsx'
import { State } from '../shared/State.tsx'
import { count, number, reasonWords } from '../shared/words.ts'
import { Snippets } from './Snippets.tsx'

interface Arrival {
  name: string
  series: number
  without: string
}

const columns: ReadonlyArray<TableColumn<Arrival>> = [
  { id: 'name', title: 'Series', value: row => row.name, cell: row => <code>{row.name}</code> },
  {
    id: 'state',
    title: 'State',
    value: row => (row.series > 0 ? 'arrives' : 'missing'),
    cell: row =>
      row.series > 0 ? <State tone="good">arrives</State> : <State tone="warning">missing</State>,
  },
  {
    id: 'count',
    title: 'How many',
    numeric: true,
    value: row => row.series,
    cell: row => number(row.series),
  },
  { id: 'without', title: 'If missing', wide: true, value: row => row.without },
]

export function SetupView({ results }: { results: Results }) {
  // Not from plugin.json: what is bundled of it has no version yet.
  const app = usePluginContext()
  const series = new Map(
    results('series').map(row => [row.labels.__name__ ?? row.labels.metric, row.value])
  )
  const arrivals = expectedSeries.map(([name, without]) => ({
    name,
    without,
    series: series.get(name) ?? 0,
  }))
  const total = results('told')[0]?.value
  return (
    <>
      <PageLinks
        text={
          total === undefined
            ? 'No license series arrive.'
            : `The exporters tell ${count(total, 'license series', 'license series')}.`
        }
        links={[
          { text: 'Dashboard “License exporter”', href: dashboardUrl(dashboards.exporter) },
          { text: 'Configuration', href: paths.config },
        ]}
      />
      <PagedTable
        caption="What arrives"
        noun="series"
        items={arrivals}
        columns={columns}
        itemKey={row => row.name}
        empty={null}
      />
      <Todo results={results} />
      <Heading>Versions</Heading>
      <Facts
        label="Versions"
        facts={[
          ['This app', app?.meta.info.version],
          ['Grafana', config.buildInfo.version],
          ...results('exporters').map(({ labels }): [string, React.ReactNode] => [
            `Exporter ${labels.instance ?? ''}`,
            `${labels.version ?? '?'} on Node ${labels.node_version ?? '?'}${labels.mode === 'demo' ? ', demo: invented servers' : ''}`,
          ]),
        ]}
      />
      <Snippets recorded={results('recorded').length > 0} />
    </>
  )
}

/** What an administrator should look at: each with the place. */
function Todo({ results }: { results: Results }) {
  const found: React.ReactNode[] = []
  for (const row of results('configGood')) {
    if (row.value === 0)
      found.push(
        `The changed configuration of ${row.labels.instance} was refused: the last good one stays. Its log says which line.`
      )
  }
  for (const { labels, value } of results('serverProblem')) {
    if (value !== 1) continue
    const server = labels.server ?? ''
    found.push(
      <>
        <TextLink href={paths.server(server) + keep()}>{server}</TextLink>:{' '}
        {reasonWords(labels.reason ?? '')}
      </>
    )
  }
  for (const row of results('unparsed')) {
    found.push(
      `${count(Math.max(1, Math.round(row.value)), 'line')} of ${row.labels.server} were not understood in the last hour.`
    )
  }
  for (const row of results('unreconciled')) {
    found.push(
      `${count(row.value, 'feature')} of ${row.labels.server}: checkouts and reservations do not add up to the heading.`
    )
  }
  if (found.length === 0) return null
  return (
    <section aria-label="To look at">
      <Heading>To look at</Heading>
      <ul style={{ paddingLeft: '1.5em' }}>
        {found.slice(0, 50).map((one, index) => (
          <li key={index}>{one}</li>
        ))}
      </ul>
      {found.length > 50 && <p>and {number(found.length - 50)} more; Servers lists them all.</p>}
    </section>
  )
}
