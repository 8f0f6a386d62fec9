import React, { useContext, useEffect, useMemo, useState } from 'react'
import { LoadingState } from '@grafana/data'
import { config, getDataSourceSrv } from '@grafana/runtime'
import { type SceneComponentProps, SceneObjectBase, sceneGraph } from '@grafana/scenes'
import { SettingsContext } from '../App/SettingsContext.ts'
import { getAll } from '../shared/api/exporter.ts'
import { explain, type Failure } from '../shared/api/failure.ts'
import type { ApiEvent } from '../shared/api/types.ts'
import { paths } from '../shared/links.ts'
import { explainQuery } from '../shared/queryFailure.ts'
import { exportersOf } from '../shared/settings.ts'
import { Loading, Problem } from '../shared/states.tsx'
import { EventTable } from './EventTable.tsx'
import { type EventRow, fromExporter, fromLoki } from './eventRows.ts'

export class LokiEventsObject extends SceneObjectBase {
  static Component = LokiEvents
}

export class ExporterEventsObject extends SceneObjectBase {
  static Component = ExporterEvents
}

function LokiEvents({ model }: SceneComponentProps<LokiEventsObject>) {
  const { lokiUid } = useContext(SettingsContext)
  const { data } = sceneGraph.getData(model).useState()
  const rows = useMemo(() => fromLoki(data?.series ?? []), [data?.series])
  const source = getDataSourceSrv().getInstanceSettings(lokiUid)
  if (source?.type !== 'loki') {
    return (
      <Problem
        sentence={
          source
            ? `The configured data source “${source.name}” is a ${source.type}, not a Loki.`
            : 'The configured Loki data source is gone, or you may not see it.'
        }
        wayOn="Choose another one on the configuration page of this app."
        href={paths.config}
        linkText="Open the configuration"
      />
    )
  }
  if (!data || (data.state === LoadingState.Loading && data.series.length === 0))
    return <Loading what="events" />
  const failed = data.errors?.[0] ?? (data.state === LoadingState.Error ? data.error : undefined)
  if (failed) return <Problem {...explainQuery(failed, 'the events', 'Loki')} />
  return <EventTable rows={rows} source="Loki" />
}

interface Loaded {
  rows: EventRow[]
  failures: Failure[]
}

/** Without Loki: the last events, as far as the memory of the exporters goes. */
function ExporterEvents() {
  const settings = useContext(SettingsContext)
  const [loaded, setLoaded] = useState<Loaded>()
  const { orgRole, isGrafanaAdmin } = config.bootData.user
  const may = isGrafanaAdmin || orgRole === 'Editor' || orgRole === 'Admin'
  const exporters = useMemo(() => (may ? exportersOf(settings) : []), [may, settings])
  useEffect(() => {
    let wanted = true
    void loadEvents(exporters).then(all => {
      if (wanted) setLoaded(all)
    })
    return () => {
      wanted = false
    }
  }, [exporters])
  const noLoki = (
    <Problem
      severity="info"
      sentence="No Loki data source is set: only the last events that the exporters remember are here."
      wayOn={
        may
          ? 'Send events to Loki over OTLP ([otlp] of the exporter), and choose it on the configuration page of this app.'
          : 'They are shown to Editors and Admins; with Loki, to everyone who may query it.'
      }
      href={paths.config}
      linkText="Open the configuration"
    />
  )
  if (exporters.length === 0) return noLoki
  if (!loaded) return <Loading what="events" />
  return (
    <>
      {noLoki}
      {loaded.failures.map(failure => (
        <Problem key={failure.sentence} {...failure} />
      ))}
      <EventTable rows={loaded.rows} source="the exporters" />
    </>
  )
}

async function loadEvents(exporters: ReturnType<typeof exportersOf>): Promise<Loaded> {
  const all: Loaded = { rows: [], failures: [] }
  await Promise.all(
    exporters.map(async exporter => {
      try {
        const onPage = (items: ApiEvent[]) => all.rows.push(...fromExporter(items)) > 0
        await getAll<ApiEvent>(exporter, 'events', {}, onPage, 1000)
      } catch (error) {
        all.failures.push(explain(error, exporter.name))
      }
    })
  )
  all.rows.sort((a, b) => b.time.getTime() - a.time.getTime())
  return all
}
