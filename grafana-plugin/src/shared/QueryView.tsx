import React from 'react'
import { type DataFrame, LoadingState, type PanelData } from '@grafana/data'
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

export interface ViewProps {
  results: Results
  datasource: string
  /** What the first rows need not wait for is there too. */
  complete: boolean
}

interface QueryViewState extends SceneObjectState {
  /** What is loaded, for the loading and error lines. */
  what: string
  view: React.ComponentType<ViewProps>
  /** What the first rows need not wait for, once they are there. */
  next?: (results: Results) => Queries
  later?: SceneQueryRunner
}

type Queries = Readonly<Record<string, string>>

/** Several instant queries in one request, and a view of their rows. */
export class QueryView extends SceneObjectBase<QueryViewState> {
  static Component = QueryViewComponent
}

export function queryView(
  what: string,
  queries: Queries,
  view: QueryViewState['view'],
  next?: QueryViewState['next']
): QueryView {
  return new QueryView({ what, view, $data: instant(queries), ...(next && { next }) })
}

export const datasource = { type: 'prometheus', uid: '${datasource}' }

/**
 * Grafana answers with a frame for each series, also in the format of tables. The legend is left to it,
 * so that the frame does not spell out all labels a second time.
 */
export function instant(queries: Queries): SceneQueryRunner {
  return new SceneQueryRunner({
    datasource,
    queries: Object.entries(queries).map(([refId, expr]) => ({
      refId,
      expr,
      instant: true,
      range: false,
      format: 'table',
      legendFormat: '__auto',
    })),
  })
}

function QueryViewComponent({ model }: SceneComponentProps<QueryView>) {
  const { what, view: View, next, later } = model.useState()
  const { data } = sceneGraph.getData(model).useState()
  const uid = sceneGraph.interpolate(model, '${datasource}')
  const first = useRows(data?.series)
  const second = useData(later)
  const rest = useRows(second?.series)
  const results = React.useMemo(
    () => (name: string) => first.get(name) ?? rest.get(name) ?? [],
    [first, rest]
  )
  const done = data?.state === LoadingState.Done
  React.useEffect(() => {
    if (done && next && !later) model.setState({ later: instant(next(results)) })
  }, [done, next, later, model, results])
  if (data === undefined || firstLoad(data)) return <Loading what={what} />
  const failed = failureOf(data) ?? (second && failureOf(second))
  const view = <View results={results} datasource={uid} complete={!next || second !== undefined} />
  if (failed !== undefined) {
    return (
      <>
        <Problem {...explainQuery(failed, what)} />
        {data.series.length > 0 && view}
      </>
    )
  }
  return view
}

function useRows(series: DataFrame[] | undefined): ReadonlyMap<string, Row[]> {
  return React.useMemo(() => rowsByRef(series ?? []), [series])
}

/** The last answer of a runner, which runs as long as the view is seen. */
function useData(runner: SceneQueryRunner | undefined): PanelData | undefined {
  const [answer, setAnswer] = React.useState<PanelData>()
  React.useEffect(() => {
    if (!runner) return
    const told = runner.subscribeToState(({ data }) => {
      if (data?.state === LoadingState.Done || data?.state === LoadingState.Error) setAnswer(data)
    })
    const stop = runner.activate()
    return () => {
      told.unsubscribe()
      stop()
    }
  }, [runner])
  return answer
}

const firstLoad = (data: PanelData): boolean =>
  (data.state === LoadingState.Loading || data.state === LoadingState.NotStarted) &&
  data.series.length === 0

const failureOf = (data: PanelData) =>
  data.errors?.[0] ?? (data.state === LoadingState.Error ? (data.error ?? {}) : undefined)
