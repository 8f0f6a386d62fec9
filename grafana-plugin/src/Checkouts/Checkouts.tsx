import React, {
  startTransition,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from 'react'
import { config } from '@grafana/runtime'
import { Button } from '@grafana/ui'
import { SettingsContext } from '../App/SettingsContext.ts'
import { notSet } from '../shared/api/failure.ts'
import { Heading } from '../shared/Heading.tsx'
import { paths } from '../shared/links.ts'
import { PagedTable } from '../shared/PagedTable.tsx'
import { exportersOf } from '../shared/settings.ts'
import { Empty, Loading, Problem } from '../shared/states.tsx'
import { minute, number } from '../shared/words.ts'
import type { CheckoutFilter } from './CheckoutsObject.tsx'
import { checkoutColumns } from './columns.tsx'
import { type Loaded, loadCheckouts } from './loadCheckouts.ts'

/** The proxy refuses Viewers by itself; this only spares them a failing request. */
function mayAsk(): boolean {
  const { orgRole, isGrafanaAdmin } = config.bootData.user
  return isGrafanaAdmin || orgRole === 'Editor' || orgRole === 'Admin'
}

export function Checkouts({ filter }: { filter: CheckoutFilter }) {
  const settings = useContext(SettingsContext)
  const exporters = exportersOf(settings)
  return (
    <section aria-label="Live checkouts">
      <Heading>Who holds a seat now</Heading>
      {!mayAsk() ? (
        <Problem
          severity="info"
          sentence="Who holds which seat is shown to Editors and Admins only."
          wayOn="Ask an administrator of this Grafana for the role Editor."
        />
      ) : exporters.length === 0 ? (
        <Problem
          severity="info"
          {...notSet}
          href={paths.config}
          linkText="Open the configuration"
        />
      ) : (
        <LiveCheckouts filter={filter} />
      )}
    </section>
  )
}

function LiveCheckouts({ filter }: { filter: CheckoutFilter }) {
  const settings = useContext(SettingsContext)
  const [loaded, setLoaded] = useState<Loaded>()
  const [round, setRound] = useState(0)
  useEffect(() => {
    let wanted = true
    const tell = (all: Loaded) => startTransition(() => setLoaded(all))
    void loadCheckouts(exportersOf(settings), { ...filter }, tell, () => wanted)
    return () => {
      wanted = false
    }
  }, [settings, filter, round])
  const again = useCallback(() => {
    setLoaded(undefined)
    setRound(n => n + 1)
  }, [])
  const rows = loaded?.rows ?? none
  const columns = useMemo(
    () => checkoutColumns(rows, filter.feature === undefined),
    [rows, filter.feature]
  )
  if (!loaded) return <Loading what="checkouts" />
  const { failures, notes, at, done } = loaded
  return (
    <>
      {failures.map(failure => (
        <Problem
          key={failure.sentence}
          {...failure}
          {...(failure.kind === 'no_permission' && { severity: 'info' })}
        />
      ))}
      {notes.map(note => (
        <p key={note}>{note}</p>
      ))}
      <p>
        {at && `As of ${minute(at)}. `}
        {done ? (
          <Button variant="secondary" size="sm" icon="sync" onClick={again}>
            Read again
          </Button>
        ) : (
          <span role="status">Reading on: {number(rows.length)} checkouts so far …</span>
        )}
      </p>
      {(failures.length === 0 || rows.length > 0) && (
        <PagedTable
          caption="Checkouts, longest first"
          noun="checkouts"
          copy
          items={rows}
          columns={columns}
          sort={longestFirst}
          itemKey={(_, index) => String(index)}
          empty={<Empty title="Nobody holds a seat" />}
        />
      )}
    </>
  )
}

const none: Loaded['rows'] = []
const longestFirst = { column: 'held', descending: true }
