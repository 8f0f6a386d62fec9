import React, { useMemo } from 'react'
import { TextLink } from '@grafana/ui'
import { dashboardUrl, dashboards, keep, paths } from '../shared/links.ts'
import { PageLinks } from '../shared/PageLinks.tsx'
import { PagedTable, type TableColumn } from '../shared/PagedTable.tsx'
import type { ViewProps } from '../shared/QueryView.tsx'
import { State, type Tone } from '../shared/State.tsx'
import { Empty, Loading } from '../shared/states.tsx'
import { count } from '../shared/words.ts'
import { type Attention, attention, type Urgency } from './attention.ts'

const words: Readonly<Record<Urgency, [tone: Tone, word: string]>> = {
  critical: ['critical', 'now'],
  warning: ['warning', 'soon'],
  info: ['info', 'to know'],
}

const columns: ReadonlyArray<TableColumn<Attention>> = [
  {
    id: 'urgency',
    title: 'Urgency',
    value: item => words[item.urgency][1],
    cell: item => <State tone={words[item.urgency][0]}>{words[item.urgency][1]}</State>,
  },
  {
    id: 'what',
    title: 'What',
    value: item => item.what,
    cell: item => (
      <a href={item.href.includes('?') ? item.href : item.href + keep()}>
        <bdi>{item.what}</bdi>
      </a>
    ),
  },
  { id: 'detail', title: 'Detail', value: item => item.detail },
]

export function OverviewView({ results, complete }: ViewProps) {
  const found = useMemo(() => attention(results), [results])
  if (results('exporters').length === 0 && results('ownState').length === 0)
    return <NothingArrives />
  const servers = results('collectSuccess').length
  const up = results('serverUp').filter(row => row.value === 1).length
  return (
    <>
      <PageLinks
        text={`${count(servers, 'license server')}, ${up} known to be up; ${needs(found.length, complete)}.`}
        links={[
          { text: 'Dashboard “License overview”', href: dashboardUrl(dashboards.overview) },
          { text: 'All servers', href: paths.servers + keep() },
        ]}
      />
      <PagedTable
        caption="What needs attention now"
        noun="lines"
        items={found}
        columns={columns}
        itemKey={(item, index) => `${item.what} ${item.detail} ${index}`}
        empty={
          complete ? <AllIsWell servers={servers} /> : <Loading what="which features are full" />
        }
      />
    </>
  )
}

function needs(things: number, complete: boolean): string {
  if (things === 0) return complete ? 'nothing needs attention' : 'the rest is being read'
  return `${count(things, 'thing')} ${things === 1 ? 'needs' : 'need'} attention`
}

function AllIsWell({ servers }: { servers: number }) {
  return (
    <Empty title="Nothing needs attention">
      {servers === 0
        ? 'No license server is configured at the exporter; its own license is watched.'
        : `All of ${count(servers, 'license server')} were read; nothing is down, full, refused or about to expire.`}
    </Empty>
  )
}

function NothingArrives() {
  return (
    <Empty
      title="No license series arrive in this data source"
      href={paths.setup + keep()}
      linkText="Open Setup"
    >
      This does not mean that all is well: no exporter is scraped, or this is another Prometheus.{' '}
      <TextLink href={paths.config}>Choose the data source</TextLink>
    </Empty>
  )
}
