import React from 'react'
import { LoadingState, type PanelData } from '@grafana/data'
import {
  SceneObjectBase,
  SceneQueryRunner,
  sceneGraph,
  type SceneComponentProps,
  type SceneObjectState,
} from '@grafana/scenes'
import { type Row, rowsByRef } from './frames.ts'
import { Loading, Problem } from './states.tsx'
import { explainQuery } from './queryFailure.ts'

export type Results = (name: string) => Row[]

interface QueryViewState extends SceneObjectState {
  /** What is loaded, for the loading and error lines. */
  what: string
  view: React.ComponentType<{ results: Results; datasource: string }>
}

/** Several instant queries in one request, and a view of their rows. */
export class QueryView extends SceneObjectBase<QueryViewState> {
  static Component = QueryViewComponent
}

export function queryView(
  what: string,
  queries: Readonly<Record<string, string>>,
  view: QueryViewState['view']
): QueryView {
  return new QueryView({ what, view, $data: instant(queries) })
}

export const datasource = { type: 'prometheus', uid: '${datasource}' }

export function instant(queries: Readonly<Record<string, string>>): SceneQueryRunner {
  return new SceneQueryRunner({
    datasource,
    queries: Object.entries(queries).map(([refId, expr]) => ({
      refId,
      expr,
      instant: true,
      range: false,
      format: 'table',
    })),
  })
}

function QueryViewComponent({ model }: SceneComponentProps<QueryView>) {
  const { what, view: View } = model.useState()
  const { data } = sceneGraph.getData(model).useState()
  const uid = sceneGraph.interpolate(model, '${datasource}')
  const results = React.useMemo(() => {
    const rows = rowsByRef(data?.series ?? [])
    return (name: string) => rows.get(name) ?? []
  }, [data?.series])
  if (data === undefined || firstLoad(data)) return <Loading what={what} />
  const failed = failureOf(data)
  if (failed !== undefined) {
    return (
      <>
        <Problem {...explainQuery(failed, what)} />
        {data.series.length > 0 && <View results={results} datasource={uid} />}
      </>
    )
  }
  return <View results={results} datasource={uid} />
}

const firstLoad = (data: PanelData): boolean =>
  (data.state === LoadingState.Loading || data.state === LoadingState.NotStarted) &&
  data.series.length === 0

const failureOf = (data: PanelData) =>
  data.errors?.[0] ?? (data.state === LoadingState.Error ? (data.error ?? {}) : undefined)
