import React, { useMemo } from 'react'
import { PoolTable } from '../Renewals/PoolTable.tsx'
import { poolRows } from '../Renewals/poolRows.ts'
import { Facts } from '../shared/Facts.tsx'
import { dashboardUrl, dashboards, type FeatureName, keep, paths } from '../shared/links.ts'
import { PageLinks } from '../shared/PageLinks.tsx'
import type { Results } from '../shared/QueryView.tsx'
import { State } from '../shared/State.tsx'
import { Problem } from '../shared/states.tsx'
import { count, duration, number, percent } from '../shared/words.ts'
import { type FeatureRow, featureRows } from './serverRows.ts'

export const featureView = (name: FeatureName) =>
  function FeatureView({ results }: { results: Results }) {
    const [row] = useMemo(() => featureRows(results), [results])
    const pools = useMemo(() => poolRows(results), [results])
    if (row === undefined) {
      return (
        <Problem
          severity="warning"
          sentence={`Feature “${name.feature}” of vendor daemon “${name.vendor}” is not told by license server “${name.server}”.`}
          wayOn="The server is down, or a reread took the feature away."
          href={paths.server(name.server) + keep()}
          linkText={`Open ${name.server}`}
        />
      )
    }
    const { server, feature } = name
    return (
      <>
        <PageLinks
          text={row.product === feature ? undefined : row.product}
          links={[
            {
              text: 'Dashboard “Feature usage”',
              href: dashboardUrl(dashboards.feature, { ...name }),
            },
            {
              text: 'Dashboard “Capacity & cost”',
              href: dashboardUrl(dashboards.capacity, { server, feature }),
            },
          ]}
        />
        <Facts label={`Seats of ${feature}`} facts={facts(row, results)} />
        <PoolTable caption={`Lines of capacity of ${feature}`} rows={pools} one />
      </>
    )
  }

function facts(row: FeatureRow, results: Results): Array<[string, React.ReactNode]> {
  const peak = results('weekPeak')[0]?.value
  const installed = results('installed')[0]?.value
  const denied = results('denials')[0]?.value
  const shown = (value?: number) => (value === undefined ? undefined : number(value))
  return [
    ['Seats issued', row.counted ? (shown(row.issued) ?? 'not told') : 'uncounted'],
    [
      'Seats used',
      row.used === undefined
        ? 'not told'
        : `${number(row.used)}${row.share === undefined ? '' : ` (${percent(row.share)})`}`,
    ],
    ['State', row.full ? <State tone="warning">no seat is free</State> : problem(row, results)],
    ['Reserved', shown(row.reserved)],
    ['Borrowed', shown(row.borrowed)],
    ['Waiting', shown(row.queued)],
    ['Users', shown(row.users)],
    ['Oldest checkout', row.oldest === undefined ? undefined : duration(row.oldest)],
    ['Peak of the week', peak === undefined ? undefined : count(peak, 'seat')],
    [
      'Refused in the last hour',
      denied === undefined ? undefined : number(Math.max(1, Math.round(denied))),
    ],
    ['Installed in license files', installed === undefined ? undefined : count(installed, 'seat')],
  ]
}

function problem(row: FeatureRow, results: Results): React.ReactNode {
  const told = results('problem').find(one => one.value === 1)
  if (told) return <State tone="warning">{(told.labels.reason ?? '').replace(/_/g, ' ')}</State>
  if (row.counted && row.share === undefined) return <State tone="unknown">not told</State>
  if (row.share !== undefined && row.share >= 1) return <State tone="info">every seat is out</State>
  return <State tone="good">seats are free</State>
}
